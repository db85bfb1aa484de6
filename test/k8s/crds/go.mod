// Modules whose files are read: custom resources, and the settings that KEDA's triggers have.
module vidette/test/k8s/crds

go 1.26.0

require (
	github.com/kedacore/keda/v2 v2.21.0
	github.com/prometheus-operator/prometheus-operator v0.85.0
)

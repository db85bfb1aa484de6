/** Room for deploy/k8s with ten pods of the API, of images and of detection, a camera and a GPU. */
export const QUOTA = {
  'requests.cpu': '46',
  'requests.memory': '52Gi',
  'requests.ephemeral-storage': '405Gi',
  'limits.cpu': '72',
  'limits.memory': '146Gi',
  'limits.ephemeral-storage': '460Gi',
};

/** The quota of docs/kubernetes.md: ten pods of the API, of images and of detection, and an upgrade. */
export const QUOTA = {
  'requests.cpu': '52',
  'requests.memory': '59Gi',
  'requests.ephemeral-storage': '457Gi',
  'limits.cpu': '80',
  'limits.memory': '162Gi',
  'limits.ephemeral-storage': '523Gi',
};

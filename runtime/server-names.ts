/** Name of the Temporal server in logs and in readiness. */
export const TEMPORAL = 'Temporal';
/** Name of the object store in logs and in readiness. */
export const OBJECT_STORE = 'object store';
/** Name of the document store in logs and in readiness. */
export const DOCUMENT_STORE = 'document store';

// Health check of the images: whether the process in this container is ready. Ends with 1 if it is not.
const { VIDETTE_HEALTH_PORT: worker, VIDETTE_API_PORT: api } = process.env;
const url = `http://127.0.0.1:${worker || api || 8080}/readyz`;
const isReady = await fetch(url).then(
  ({ ok }) => ok,
  () => false,
);
process.exitCode = isReady ? 0 : 1;

# Stands in for node:22-bookworm-slim.
ARG RUNTIME_IMAGE
FROM ${RUNTIME_IMAGE}
COPY node /usr/local/bin/node
COPY npm /usr/local/lib/node_modules/npm
RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm

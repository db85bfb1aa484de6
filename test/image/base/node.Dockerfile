# Stands in for node:22-bookworm-slim, with the certificates of this machine for npm.
ARG RUNTIME_IMAGE
FROM ${RUNTIME_IMAGE}
COPY node /usr/local/bin/node
COPY npm /usr/local/lib/node_modules/npm
COPY ca-certificates.crt /usr/local/share/build-ca.crt
RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm
ENV NODE_EXTRA_CA_CERTS=/usr/local/share/build-ca.crt

# syntax=docker/dockerfile:1
# The image of a function, or of the migration: FUNCTION says which. `images/docker-bake.json` names them all. They share every
# layer but the last: no shell, no package manager, nobody is root, and the Node is the one that compiled the function.
FROM node:26-trixie-slim@sha256:930557a230abacbc3f4fd9b8648abf8f4bee1e17cb72195dcdfb2f709bc85b33 AS build
WORKDIR /src
COPY package.json package-lock.json ./
COPY web/package.json web/
COPY local/install.mjs local/patch.mjs local/
RUN node local/install.mjs
COPY . .
RUN npm run build
# What Node needs and the base below has not. The folder it comes from is called after the processor.
RUN mkdir /libraries && cp --dereference /usr/lib/*-linux-gnu/libatomic.so.1 /libraries/

FROM gcr.io/distroless/cc-debian13:nonroot@sha256:d97bc0a941b8d4be647dc0ee75b264ddbb772f1ac5ba690a4309c00723b23775 AS base
COPY --from=build /src/node_modules/node/bin/node /usr/bin/node
COPY --from=build /libraries/ /usr/lib/
ENV NODE_ENV=production
WORKDIR /app
USER 65532:65532
ENTRYPOINT ["/usr/bin/node"]
CMD ["main.cjs"]

FROM base
ARG FUNCTION
COPY --from=build /src/dist/${FUNCTION} ./

# One image for all processes of grantlog; what runs in it is its command, the standalone server by default.
# It writes to /data and /vault only, as the user node, so the root may be mounted read-only.
FROM node:22.23.2-bookworm-slim AS base
WORKDIR /app

FROM base AS build
COPY package.json package-lock.json tsconfig.base.json tsconfig.json ./
COPY packages packages
COPY services services
RUN npm ci --ignore-scripts --no-audit --no-fund
RUN npx tsc -b
# What stays is what runs: the compiled code and the packages it imports.
RUN npm prune --omit=dev --ignore-scripts --no-audit --no-fund \
  && find packages services -name node_modules -prune -o \
    \( -name src -o -name 'tsconfig.json' -o -name '.tsbuildinfo' \) -exec rm -r {} +

FROM base
ENV NODE_ENV=production \
  GRANTLOG_PORT=7070 \
  GRANTLOG_DATA=/data \
  GRANTLOG_VAULT=/vault
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/packages packages
COPY --from=build /app/services services
# A new volume takes owner and mode from here: the vault refuses a folder that others can read.
RUN install -d -o node -g node -m 0700 /data /vault
USER node
EXPOSE 7070
HEALTHCHECK --interval=5s --timeout=3s --retries=3 --start-period=60s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.GRANTLOG_PORT}/readyz`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "--max-semi-space-size=64", "services/standalone/dist/main.js"]

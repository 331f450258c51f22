#!/usr/bin/env node
/**
 * The process of an api replica.
 */
import { credentialLines, runProcess } from '@grantlog/server'
import { readConfiguration } from './configuration.js'
import { startApi } from './start.js'

await runProcess({
  name: 'grantlog-api',
  read: readConfiguration,
  start: startApi,
  lines: ({ endpoint, firstCredentials }, { data, vault, nats, rootCredentials }) => [
    ...credentialLines(firstCredentials, rootCredentials),
    `  grantlog-api serves RAM 2015-05-01, STS 2015-04-01 and IMS 2019-08-15 at ${endpoint}
  read API      ${endpoint}/v1/
  health        ${endpoint}/readyz   metrics ${endpoint}/metrics
  views         ${data}
  vault         ${vault}
  hints         ${nats === null ? 'none: no NATS was named' : nats.length === 1 ? 'NATS' : `${nats.length} NATS servers`}
`,
  ],
})

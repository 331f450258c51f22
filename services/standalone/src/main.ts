#!/usr/bin/env node
/**
 * The standalone server's process.
 *
 * `npm start` gives it a young generation of 64 MiB: a call's objects live for some milliseconds,
 * and with Node's 16 MiB many are copied before they die. AssumeRole over HTTP took 351 µs of
 * processor time a call without it and 308 µs with it.
 */
import { credentialLines, runProcess } from '@grantlog/server'
import { readConfiguration } from './configuration.js'
import { startStandalone } from './start.js'

await runProcess({
  name: 'grantlog',
  read: readConfiguration,
  start: startStandalone,
  lines: ({ endpoint, firstCredentials }, { data, rootCredentials }) => [
    ...credentialLines(firstCredentials, rootCredentials),
    `  grantlog serves RAM 2015-05-01, STS 2015-04-01 and IMS 2019-08-15 at ${endpoint}
  read API      ${endpoint}/v1/
  health        ${endpoint}/readyz   metrics ${endpoint}/metrics
  data folder   ${data}
  stop it with Ctrl-C
`,
  ],
})

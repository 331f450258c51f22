/**
 * The configuration of the standalone server.
 */
import {
  allowRemoteSetting,
  dataSetting,
  hostSetting,
  insideIssuersSetting,
  issuersCaSetting,
  logLevelSetting,
  type NotStarting,
  otlpSetting,
  type Program,
  passwordMemorySetting,
  passwordPassesSetting,
  portSetting,
  publicUrlSetting,
  quotasSetting,
  readListening,
  rootCredentialsSetting,
  trustedProxiesSetting,
  type Values,
  VERSION,
} from '@grantlog/server'
import type * as E from 'fp-ts/lib/Either.js'

export const PROGRAM: Program = {
  name: 'grantlog',
  description:
    'An event-sourced identity and access engine that the official Alibaba Cloud RAM and STS clients talk to unchanged.',
  version: VERSION,
  examples: [
    'npm start',
    'npm start -- --port 7070 --data /var/lib/grantlog --root-credentials root.json',
    'GRANTLOG_PORT=8080 npm start',
  ],
}

export const SETTINGS = {
  port: portSetting(7070),
  host: hostSetting,
  publicUrl: publicUrlSetting,
  trustedProxies: trustedProxiesSetting,
  data: dataSetting('the log, the vault and the views'),
  rootCredentials: rootCredentialsSetting,
  logLevel: logLevelSetting,
  otlp: otlpSetting,
  insideIssuers: insideIssuersSetting,
  issuersCa: issuersCaSetting,
  allowRemote: allowRemoteSetting,
  passwordMemory: passwordMemorySetting,
  passwordPasses: passwordPassesSetting,
  quotas: quotasSetting,
}

export type Configuration = Values<typeof SETTINGS>

/** Reads flags (without the program's name), environment and file into one configuration. */
export const readConfiguration = (
  args: ReadonlyArray<string>,
): E.Either<NotStarting, Configuration> => readListening(PROGRAM, SETTINGS, args)

/**
 * The configuration of an api replica.
 */
import {
  allowRemoteSetting,
  dataSetting,
  hostSetting,
  insideIssuersSetting,
  issuersCaSetting,
  logCaSetting,
  logLevelSetting,
  logSetting,
  type NotStarting,
  natsSetting,
  otlpSetting,
  type Program,
  passwordMemorySetting,
  passwordPassesSetting,
  portSetting,
  publicUrlSetting,
  quotasSetting,
  readListening,
  rootCredentialsSetting,
  shardsSetting,
  trustedProxiesSetting,
  unclaimedSetting,
  type Values,
  VERSION,
  vaultSetting,
} from '@grantlog/server'
import type * as E from 'fp-ts/lib/Either.js'

export const PROGRAM: Program = {
  name: 'grantlog-api',
  description:
    'Serves RAM, STS and the read API from a log in EventStoreDB. Any number of replicas may run side by side.',
  version: VERSION,
  examples: [
    'GRANTLOG_LOG="esdb://127.0.0.1:2113?tls=false" npm run api -- --vault ./vault --data ./api-1',
    'npm run api -- --port 7071 --data ./api-2 --vault ./vault --nats nats://127.0.0.1:4222',
  ],
}

export const SETTINGS = {
  port: portSetting(7070),
  host: hostSetting,
  publicUrl: publicUrlSetting,
  trustedProxies: trustedProxiesSetting,
  log: logSetting,
  logCa: logCaSetting,
  nats: natsSetting,
  unclaimed: unclaimedSetting,
  vault: vaultSetting,
  data: dataSetting("this replica's views, which can be rebuilt", 'api'),
  shards: shardsSetting,
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

export const readConfiguration = (
  args: ReadonlyArray<string>,
): E.Either<NotStarting, Configuration> => readListening(PROGRAM, SETTINGS, args)

/** What grantlog's processes are made of: settings, the HTTP port, metrics, starting, stopping. */

export {
  logCaSetting,
  logSetting,
  natsRequiredSetting,
  natsSetting,
  ownShardsSetting,
  shardsSetting,
  unclaimedSetting,
  vaultSetting,
} from './cluster-settings.js'
export { openSharedVault, ownDirectory } from './directories.js'
export { type FederationSettings, openFederating } from './federating.js'
export {
  type Deployment,
  deploymentOf,
  firstAccountId,
  openFirstAccount,
  type RootCredentials,
} from './first-start.js'
export { type Front, openFront } from './front.js'
export { engineGauges, logFaultCounts, natsGauges, relayGauges, workerGauges } from './gauges.js'
export { type HttpPort, reasonOfSilence, type Serving, type Status } from './http-port.js'
export {
  allowRemoteSetting,
  dataSetting,
  hostSetting,
  insideIssuersSetting,
  issuersCaSetting,
  type LogLevel,
  logLevelSetting,
  otlpSetting,
  portSetting,
  publicUrlSetting,
  quotasSetting,
  readListening,
  rootCredentialsSetting,
  textSetting,
} from './known-settings.js'
export { type Metrics, processMetrics } from './metrics.js'
export {
  passwordMemorySetting,
  passwordPassesSetting,
  passwordWorkOf,
} from './password-settings.js'
export { credentialLines, type Process, type Running, runProcess } from './run-process.js'
export { sentenceOfLog, sentenceOfVault } from './sentences.js'
export { openCaughtUp, servingOf } from './serve-engine.js'
export {
  type NotStarting,
  type Program,
  readSettings,
  type Setting,
  type Settings,
  type Values,
} from './settings.js'
export {
  type Incidents,
  listenOn,
  nothingOpened,
  type Opened,
  type StartFailed,
} from './starting.js'
export { trustedProxiesSetting } from './trusted-proxies.js'
export { VERSION } from './version.js'

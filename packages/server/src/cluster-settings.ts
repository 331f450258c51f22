/**
 * The settings of processes that share a log in EventStoreDB.
 */
import * as E from 'fp-ts/lib/Either.js'
import { dataSetting, numberSetting, textSetting } from './known-settings.js'
import type { Setting } from './settings.js'

/** Secrets are in it, so no sentence repeats it. */
const LOG_SHAPE = /^esdb(\+discover)?:\/\//

export const logSetting: Setting<string> = textSetting(
  {
    name: 'log',
    flag: '--log <url>',
    variable: 'GRANTLOG_LOG',
    help: 'EventStoreDB, e.g. esdb://user:password@host:2113; better given as a variable than as a flag',
  },
  (text) =>
    LOG_SHAPE.test(text)
      ? E.right(text)
      : E.left('The log must be a connection string that begins with esdb:// or esdb+discover://.'),
  () => E.left('Say with --log or GRANTLOG_LOG which EventStoreDB holds the log.'),
)

export const logCaSetting: Setting<string | null> = textSetting<string | null>(
  {
    name: 'certificate of the log',
    flag: '--log-ca <file>',
    variable: 'GRANTLOG_LOG_CA',
    help: "PEM file of the authority that signed EventStoreDB's certificate",
  },
  (file) => E.right(file),
  () => E.right(null),
)

const servers = (text: string): E.Either<string, ReadonlyArray<string>> => {
  const urls = text.split(',').map((url) => url.trim())
  return urls.every((url) => /^(nats|tls):\/\/\S+$/.test(url) && URL.canParse(url))
    ? E.right(urls)
    : E.left('The NATS servers must be URLs such as nats://host:4222, with commas between them.')
}

const NATS = {
  name: 'list of NATS servers',
  flag: '--nats <urls>',
  variable: 'GRANTLOG_NATS',
}

/** For processes that NATS makes faster and that do without it. */
export const natsSetting: Setting<ReadonlyArray<string> | null> =
  textSetting<ReadonlyArray<string> | null>(
    {
      ...NATS,
      help: 'NATS servers, e.g. nats://user:password@host:4222; without them, hints are not sent',
    },
    servers,
    () => E.right(null),
  )

/** What becomes of a command while the replicas can't be asked whether one of them had it. */
export const unclaimedSetting: Setting<'proceed' | 'refuse'> = textSetting(
  {
    name: 'fate of unclaimed commands',
    flag: '--unclaimed <fate>',
    variable: 'GRANTLOG_UNCLAIMED',
    help: 'proceed or refuse: commands while NATS is away; the log keeps them from being done twice (default: proceed)',
  },
  (text) =>
    text === 'proceed' || text === 'refuse'
      ? E.right(text)
      : E.left(`The fate of unclaimed commands is proceed or refuse, not "${text}".`),
  () => E.right('proceed'),
)

/** For processes that are nothing without it. */
export const natsRequiredSetting: Setting<ReadonlyArray<string>> = textSetting(
  { ...NATS, help: 'NATS servers with JetStream, e.g. nats://host:4222' },
  servers,
  () => E.left('Say with --nats or GRANTLOG_NATS where NATS is.'),
)

export const vaultSetting: Setting<string> = {
  ...dataSetting('the vault and its key, the same for every process of the deployment', 'vault'),
  flag: '--vault <dir>',
  variable: 'GRANTLOG_VAULT',
}

export const shardsSetting: Setting<number> = numberSetting(
  {
    flag: '--shards <n>',
    variable: 'GRANTLOG_SHARDS',
    help: 'into how many shards the accounts are cut for the STS workers; the same in every process, for ever (default: 4)',
  },
  { name: 'number of shards', min: 1, max: 1_024 },
  4,
)

/** The numbers of a list such as `0,2,5-7`. */
export const ownShardsSetting: Setting<ReadonlyArray<number> | null> =
  textSetting<ReadonlyArray<number> | null>(
    {
      name: 'list of own shards',
      flag: '--own-shards <list>',
      variable: 'GRANTLOG_OWN_SHARDS',
      help: 'which shards this worker works on, e.g. 0,2,5-7 (default: all)',
    },
    (text) => {
      const own = new Set<number>()
      for (const part of text.split(',')) {
        const range = /^(\d{1,4})(?:-(\d{1,4}))?$/.exec(part.trim())
        if (range === null)
          return E.left(`The list of own shards must be like 0,2,5-7, not "${text}".`)
        const [, first = '', last = first] = range
        if (Number(last) < Number(first))
          return E.left(`The range ${part.trim()} of own shards goes backwards.`)
        for (let shard = Number(first); shard <= Number(last); shard += 1) own.add(shard)
      }
      return E.right([...own])
    },
    () => E.right(null),
  )

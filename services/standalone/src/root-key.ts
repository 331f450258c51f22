#!/usr/bin/env node
/**
 * `npm run root-key`: a new root AccessKey for an account whose root has none that works. Whoever
 * holds the data folder and its key may do this, while no server runs on it; the log keeps that it
 * was done, and by this command.
 */
import { createLogger, randomIds, systemClock } from '@grantlog/adapters/system'
import { type AccountId, DEFAULT_QUOTAS } from '@grantlog/domain'
import type { Circumstances, Engine } from '@grantlog/engine'
import {
  dataSetting,
  firstAccountId,
  logLevelSetting,
  nothingOpened,
  type Opened,
  openCaughtUp,
  readSettings,
  type Setting,
  textSetting,
  type Values,
  VERSION,
} from '@grantlog/server'
import * as E from 'fp-ts/lib/Either.js'
import { openStores } from './stores.js'

const replaceSetting: Setting<string | null> = textSetting<string | null>(
  {
    name: 'key to replace',
    flag: '--replace <AccessKeyId>',
    variable: null,
    help: 'delete this root key first; needed when root has as many keys as it may have',
  },
  (id) => E.right(id),
  () => E.right(null),
)

const accountSetting: Setting<string | null> = textSetting<string | null>(
  {
    name: 'account',
    flag: '--account <id>',
    variable: null,
    help: 'the account whose root is to have the key; the first one when absent',
  },
  (id) => E.right(id),
  () => E.right(null),
)

const PROGRAM = {
  name: 'grantlog-root-key',
  description: 'Makes a new root AccessKey in a data folder on which no server runs.',
  version: VERSION,
  examples: ['npm run root-key -- --data ./data --replace LTAI5tLostKey'],
}
const SETTINGS = {
  data: dataSetting('the log, the vault and the views'),
  account: accountSetting,
  replace: replaceSetting,
  logLevel: logLevelSetting,
}

const circumstancesOf = (engine: Engine, accountId: AccountId): Circumstances => {
  const commandId = engine.ids.uuid()
  const arn = `acs:grantlog::${accountId}:break-glass`
  const actor = { accountId, principalType: 'System', principalId: 'break-glass', arn } as const
  return { commandId, requestId: commandId, actor }
}

/** The lines to print, or the sentence that says why there is no new key. */
const renew = async (
  engine: Engine,
  accountId: AccountId,
  replaced: string | null,
): Promise<E.Either<string, string>> => {
  if (engine.views.directory.tables.accounts.get(accountId) === undefined)
    return E.left(`This data folder has no account ${accountId} yet. npm start opens the first.`)
  if (replaced !== null) {
    const circumstances = circumstancesOf(engine, accountId)
    const gone = await engine.deleteAccessKey(accountId, null, replaced, circumstances)()
    if (E.isLeft(gone)) return E.left(`The key ${replaced} can't be deleted: ${gone.left.type}.`)
  }
  const made = await engine.createAccessKey(accountId, null, circumstancesOf(engine, accountId))()
  if (E.isLeft(made))
    return E.left(`No key was made: ${made.left.type}. Name one to delete with --replace.`)
  const { accessKeyId, accessKeySecret } = made.right
  return E.right(`
  account id         ${accountId}
  access key id      ${accessKeyId}
  access key secret  ${accessKeySecret}
`)
}

type Wanted = Values<typeof SETTINGS>

const newRootKey = async (
  { data, account, replace, logLevel }: Wanted,
  opened: Opened,
): Promise<E.Either<string, string>> => {
  const logger = createLogger({ level: logLevel, stream: process.stderr })
  const stores = await openStores(data, systemClock, opened)
  if (E.isLeft(stores)) return stores
  const engine = await openCaughtUp(
    {
      ...stores.right,
      clock: systemClock,
      ids: randomIds(),
      quotas: DEFAULT_QUOTAS,
      onStopped: (reason) => logger.error('stopped', { detail: reason }),
    },
    opened,
  )
  if (E.isLeft(engine)) return engine
  const accountId = account ?? firstAccountId(stores.right.vault.deploymentId)
  return renew(engine.right, accountId as AccountId, replace)
}

const fail = (sentence: string, exitCode: number): void => {
  process.stderr.write(`grantlog makes no root key. ${sentence}\n`)
  process.exitCode = exitCode
}

const main = async (wanted: Wanted): Promise<void> => {
  const opened = nothingOpened((fault) => fail(String(fault), 1))
  const made = await newRootKey(wanted, opened)
  await opened.closeAll()
  if (E.isLeft(made)) fail(made.left, 1)
  else process.stdout.write(`${made.right}\n`)
}

const wanted = readSettings(PROGRAM, SETTINGS, process.argv.slice(2))
if (E.isRight(wanted)) await main(wanted.right)
else if (wanted.left.type === 'Told') process.exitCode = wanted.left.exitCode
else fail(wanted.left.sentence, 2)

/** Everything about signing in that an engine does, put together. */
import { signInsOfNobodyStream, signInsStream, type UserName } from '@grantlog/domain'
import { type DirectoryState, findUserById } from '@grantlog/views'
import * as E from 'fp-ts/lib/Either.js'
import type { EngineError } from '../engine-error.js'
import type { Meter } from '../observer.js'
import type { Clock, EventLog, Ids, Position, Vault } from '../ports.js'
import type { Readiness } from '../readiness.js'
import { changeAlias } from './aliases.js'
import { attemptsOn } from './attempts.js'
import type { LoginCalls } from './calls.js'
import { consoleSessions } from './console-session.js'
import type { SecondFactor } from './next-step.js'
import { changePassword, type PasswordDependencies, passwordCalls } from './passwords.js'
import { refusing } from './refusing.js'
import { signInSteps } from './sign-in.js'
import { turningAway } from './turned-away.js'

type Dependencies = {
  readonly log: EventLog
  readonly vault: Vault
  readonly clock: Clock
  readonly ids: Ids
  readonly meter: Meter
  readonly directory: DirectoryState
  readonly execute: PasswordDependencies['execute']
  readonly readiness: Readiness
  readonly revisionOf: (stream: string) => number
  readonly applied: () => Position
  readonly waitFor: (position: Position) => Promise<E.Either<EngineError, void>>
  readonly secondFactor: SecondFactor
}

export const loginCalls = (given: Dependencies): LoginCalls => {
  const { log, clock, ids, directory, readiness } = given
  const attempts = attemptsOn(log, clock, ids)
  const turning = turningAway(given)
  const needs = { ...given, attempts, refusing: refusing({ ...given, attempts, turning }) }
  const passwords = passwordCalls(needs)
  const { readyFor, fresh: ready } = readiness
  return {
    ...signInSteps({ ...needs, passwords, ready, readyFor }),
    ...consoleSessions({ ...given, readyFor }),
    signInEvents: (accountId, userId, { after, limit }) =>
      log.readStream(
        userId === null ? signInsOfNobodyStream(accountId) : signInsStream(accountId, userId),
        { from: after === undefined ? 0 : after + 1, limit },
      ),
    changeAlias: (command, circumstances) => async () => {
      const readable = await readyFor(command.accountId)
      return E.isLeft(readable) ? readable : changeAlias(given, command, circumstances)
    },
    createLoginProfile: (accountId, profile, circumstances) => () =>
      passwords.createLoginProfile(accountId, profile, circumstances),
    updateLoginProfile: (accountId, userName, changes, circumstances) => () =>
      passwords.updateLoginProfile(accountId, userName, changes, circumstances),
    deleteLoginProfile: (accountId, userName, circumstances) => () =>
      passwords.deleteLoginProfile(accountId, userName, circumstances),
    changePassword: (accountId, userId, words, circumstances) => async () => {
      const user = findUserById(directory, accountId, userId)
      return user === undefined
        ? E.left({ type: 'UserNotFound', userName: '' as UserName })
        : changePassword(needs, passwords, accountId, user, words, circumstances)
    },
  }
}

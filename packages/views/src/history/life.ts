/**
 * The part of a timeline that is a principal's own: its beginning, its changes, its keys and its
 * end.
 */
import { entityKey, type OwnerLike, ownerKey } from '../keys.js'
import type { HistoryPrincipal } from './as-of.js'
import type { Interval } from './intervals.js'
import type { PastAccessKey, PastLoginProfile } from './rows.js'
import type { HistoryState } from './state.js'
import { type Story, tell } from './story.js'

/** Adds what the principal itself went through to the story, and answers it. */
export const tellLife = (
  state: HistoryState,
  { type, accountId, id }: HistoryPrincipal,
  story: Story,
): Story => {
  const subject = entityKey(accountId, id)
  switch (type) {
    case 'User':
      tellNames(state.users.of(subject), (user) => user.userName, story)
      tellKeys(state, accountId, { type: 'User', userId: id }, story)
      tellMFADevices(state, subject, story)
      tellLoginProfiles(state, subject, story)
      return story
    case 'Group':
      tellNames(state.groups.of(subject), (group) => group.groupName, story)
      return story
    case 'Role':
      tellNames(state.roles.of(subject), (role) => role.roleName, story)
      tellSettings(state, subject, story)
      tellTrusts(state, subject, story)
      return story
  }
}

/** An interval is followed by the next one, or the life is over. */
const tellNames = <Value>(
  lives: ReadonlyArray<Interval<Value>>,
  nameOf: (value: Value) => string,
  story: Story,
): void => {
  let nameBefore: string | undefined
  for (const { from, value } of lives) {
    const name = nameOf(value)
    if (nameBefore === undefined) tell(story, from, { type: 'Created', name })
    else if (nameBefore !== name) tell(story, from, { type: 'Renamed', nameBefore, name })
    else tell(story, from, { type: 'Updated' })
    nameBefore = name
  }
  const end = lives.at(-1)?.to ?? null
  if (end !== null && nameBefore !== undefined)
    tell(story, end, { type: 'Deleted', name: nameBefore })
}

const tellSettings = (state: HistoryState, subject: string, story: Story): void => {
  let secondsBefore: number | undefined
  for (const { from, value } of state.roleSettings.of(subject)) {
    const seconds = value.maxSessionDuration
    if (secondsBefore === seconds) tell(story, from, { type: 'Updated' })
    else if (secondsBefore !== undefined)
      tell(story, from, { type: 'SessionDurationChanged', secondsBefore, seconds })
    secondsBefore = seconds
  }
}

const tellTrusts = (state: HistoryState, subject: string, story: Story): void => {
  let trustTextBefore: string | undefined
  for (const { from, value } of state.trusts.of(subject)) {
    const { trustPolicy: trustText, version } = value
    if (trustTextBefore !== undefined)
      tell(story, from, {
        type: 'TrustChanged',
        versionBefore: `v${version - 1}`,
        version: `v${version}`,
        trustTextBefore,
        trustText,
      })
    trustTextBefore = trustText
  }
}

const tellMFADevices = (state: HistoryState, subject: string, story: Story): void => {
  for (const { from, to, value } of state.mfaDevices.of(subject)) {
    const { deviceName } = value
    tell(story, from, { type: 'MFADeviceBound', deviceName })
    if (to !== null) tell(story, to, { type: 'MFADeviceUnbound', deviceName })
  }
}

/** A profile that begins right where another ended was given anew. */
const tellLoginProfiles = (state: HistoryState, subject: string, story: Story): void => {
  let before: Interval<PastLoginProfile> | undefined
  for (const profile of state.loginProfiles.of(subject)) {
    const { from, to, value } = profile
    const { password, passwordResetRequired, mfaBindRequired } = value
    const demands = { passwordResetRequired, mfaBindRequired }
    if (before?.to !== from) tell(story, from, { type: 'LoginProfileCreated', ...demands })
    else if (before.value.password !== password) tell(story, from, { type: 'PasswordChanged' })
    else tell(story, from, { type: 'LoginProfileUpdated', ...demands })
    before = profile
    const isLast = to !== null && state.loginProfiles.at(subject, to) === undefined
    if (isLast) tell(story, to, { type: 'LoginProfileDeleted' })
  }
}

/** What all keys went through that somebody had. */
export const tellKeys = (
  state: HistoryState,
  accountId: string,
  owner: OwnerLike,
  story: Story,
): void => {
  for (const subject of state.accessKeys.subjects('owner', ownerKey(accountId, owner)))
    tellKey(state.accessKeys.of(subject), story)
}

/** What a key went through, from its first stretch on. */
export const tellKey = (stretches: ReadonlyArray<Interval<PastAccessKey>>, story: Story): void => {
  for (const [index, { from, value }] of stretches.entries()) {
    const { accessKeyId, status } = value
    if (index === 0) tell(story, from, { type: 'AccessKeyCreated', accessKeyId })
    else tell(story, from, { type: 'AccessKeyStatusChanged', accessKeyId, status })
  }
  const last = stretches.at(-1)
  if (last !== undefined && last.to !== null)
    tell(story, last.to, { type: 'AccessKeyDeleted', accessKeyId: last.value.accessKeyId })
}

/**
 * The changes that a timeline tells of, and how they are gathered: data, never sentences.
 */
import type { AccessKeyStatus } from '@grantlog/domain'
import type { Via } from '../holder.js'

/** A policy as it was called at that moment. */
export type PolicyLabel = {
  readonly policyType: 'Custom' | 'System'
  readonly policyName: string
  readonly policyId?: string
}

/** What one event meant for the principal of a timeline. Names are those of that moment. */
export type Change =
  | { readonly type: 'Created'; readonly name: string }
  | { readonly type: 'Renamed'; readonly nameBefore: string; readonly name: string }
  /** Something was changed that history does not keep: a profile, comments or a description. */
  | { readonly type: 'Updated' }
  | { readonly type: 'Deleted'; readonly name: string }
  | {
      readonly type: 'SessionDurationChanged'
      /** Seconds. */
      readonly secondsBefore: number
      readonly seconds: number
    }
  | {
      readonly type: 'TrustChanged'
      readonly versionBefore: string
      readonly version: string
      readonly trustTextBefore: string
      readonly trustText: string
    }
  | {
      readonly type: 'AccessKeyCreated' | 'AccessKeyDeleted'
      readonly accessKeyId: string
    }
  | {
      readonly type: 'AccessKeyStatusChanged'
      readonly accessKeyId: string
      readonly status: AccessKeyStatus
    }
  | { readonly type: 'MFADeviceBound' | 'MFADeviceUnbound'; readonly deviceName: string }
  | {
      readonly type: 'LoginProfileCreated' | 'LoginProfileUpdated'
      readonly passwordResetRequired: boolean
      readonly mfaBindRequired: boolean
    }
  | { readonly type: 'PasswordChanged' | 'LoginProfileDeleted' }
  | {
      readonly type: 'GroupJoined' | 'GroupLeft'
      readonly groupId: string
      readonly groupName: string
    }
  | {
      readonly type: 'MemberAdded' | 'MemberRemoved'
      readonly userId: string
      readonly userName: string
    }
  | {
      readonly type: 'PolicyAttached' | 'PolicyDetached'
      readonly policy: PolicyLabel
      /** The version that was in force; absent when that cannot be told. */
      readonly versionId?: string
      readonly target: Via
    }
  | {
      readonly type: 'DefaultVersionChanged'
      readonly policy: PolicyLabel
      readonly versionBefore: string
      readonly version: string
      /** Every target through which the principal held the policy. */
      readonly through: ReadonlyArray<Via>
    }
  | { readonly type: 'VersionCreated'; readonly versionId: string; readonly document: string }
  | { readonly type: 'VersionDeleted'; readonly versionId: string }
  /** Something was done with a credential; what else it was is the event's own type. */
  | ({ readonly type: 'Did' } & ToldChange)

/** Whom an event is about. */
export type Subject = {
  readonly type: 'User' | 'Group' | 'Role' | 'Policy' | 'Provider' | 'Entity' | 'MFADevice'
  readonly id: string
  readonly name: string
}

/** What an event changed, as the timeline of its subject tells it; absent where none does. */
export type ToldChange = { readonly subject?: Subject; readonly change?: Change }

/** Changes by the position of their event; of two meanings of one event the first is told. */
export type Story = Map<number, Change>

export const tell = (story: Story, position: number, change: Change): void => {
  if (!story.has(position)) story.set(position, change)
}

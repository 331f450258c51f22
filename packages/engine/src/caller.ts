/**
 * Who is calling: the identity that a verified signature proves, and nothing else can make.
 */
import type {
  AccountId,
  Actor,
  CallerRef,
  ProviderId,
  RoleId,
  Sealed,
  SessionId,
  UserId,
} from '@grantlog/domain'
import type { Principal } from '@grantlog/policy'

export type Caller =
  | { readonly type: 'Root'; readonly accountId: AccountId; readonly accessKeyId: string }
  | {
      readonly type: 'User'
      readonly accountId: AccountId
      readonly userId: UserId
      readonly userName: string
      readonly accessKeyId: string
    }
  | {
      readonly type: 'Session'
      readonly accountId: AccountId
      readonly roleId: RoleId
      readonly roleName: string
      readonly sessionId: SessionId
      readonly sessionName: string
      readonly accessKeyId: string
      /** Who led here: the user first, the immediate caller of AssumeRole last. */
      readonly chain: ReadonlyArray<CallerRef>
      readonly sourceIdentity?: string
      readonly sessionPolicy?: string
    }

/**
 * Whom an identity provider vouches for, by a token or an assertion that was proved. It can assume
 * a role that trusts the provider, and nothing else.
 */
export type FederatedCaller = {
  readonly type: 'Federated'
  /** The account that the provider is registered in. */
  readonly accountId: AccountId
  readonly providerId: ProviderId
  readonly providerArn: string
  readonly subject: Sealed
}

/** Who may ask for a role. */
export type Assumer = Caller | FederatedCaller

/** The caller as the policy language sees it. */
export const principalOf = (caller: Assumer): Principal => {
  switch (caller.type) {
    case 'Root':
      return { type: 'Root', accountId: caller.accountId }
    case 'User':
      return {
        type: 'User',
        accountId: caller.accountId,
        userId: caller.userId,
        userName: caller.userName,
      }
    case 'Session':
      return {
        type: 'Session',
        accountId: caller.accountId,
        roleId: caller.roleId,
        roleName: caller.roleName,
        sessionName: caller.sessionName,
      }
    case 'Federated': {
      const { providerArn, providerId } = caller
      return { type: 'Federated', providerArn, providerId }
    }
  }
}

/**
 * The caller's ARN as an identifier; a session counts as its role with the session's name behind
 * it.
 */
export const arnOf = (caller: Assumer): string => {
  switch (caller.type) {
    case 'Root':
      return `acs:ram::${caller.accountId}:root`
    case 'User':
      return `acs:ram::${caller.accountId}:user/${caller.userName}`
    case 'Session':
      return `acs:ram::${caller.accountId}:assumed-role/${caller.roleName}/${caller.sessionName}`
    case 'Federated':
      return caller.providerArn
  }
}

/** The caller as an event remembers it, by immutable ids. */
export const actorOf = (caller: Assumer): Actor => {
  const arn = arnOf(caller)
  const { accountId } = caller
  if (caller.type === 'Federated')
    return { accountId, principalType: 'Federated', principalId: caller.providerId, arn }
  const { accessKeyId } = caller
  switch (caller.type) {
    case 'Root':
      return { accountId, principalType: 'Root', principalId: accountId, arn, accessKeyId }
    case 'User':
      return { accountId, principalType: 'User', principalId: caller.userId, arn, accessKeyId }
    case 'Session':
      return {
        accountId,
        principalType: 'Session',
        principalId: `${caller.roleId}:${caller.sessionName}`,
        arn,
        accessKeyId,
        sessionId: caller.sessionId,
      }
  }
}

/**
 * The person behind the caller, whose key seals personal data: a user, or the account for its
 * root and for those whom it knows by their provider alone.
 */
export const subjectOf = (caller: Assumer): string => {
  switch (caller.type) {
    case 'Root':
    case 'Federated':
      return caller.accountId
    case 'User':
      return caller.userId
    case 'Session': {
      const [first] = caller.chain
      return first?.type === 'User' ? first.userId : caller.accountId
    }
  }
}

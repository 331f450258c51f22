/**
 * What is asked: who wants to do what to which resources, under which circumstances.
 */

/** Who asks. Names are the labels of this moment; ids are what grants follow. */
export type Principal =
  | { readonly type: 'Root'; readonly accountId: string }
  | {
      readonly type: 'User'
      readonly accountId: string
      readonly userId: string
      readonly userName: string
    }
  | {
      readonly type: 'Session'
      readonly accountId: string
      readonly roleId: string
      readonly roleName: string
      readonly sessionName: string
    }
  | { readonly type: 'Service'; readonly service: string }
  | {
      readonly type: 'Federated'
      readonly providerArn: string
      /** Which provider bears that name; who judges trust by ids allows nobody without it. */
      readonly providerId?: string
    }

/**
 * Condition keys, lower-cased, with their values. A key that is absent from the map is absent from
 * the request. Build one with `requestContext`.
 */
export type RequestContext = ReadonlyMap<string, ReadonlyArray<string>>

/** One question. Each of `resources` must be allowed and none denied. */
export type AuthorizationRequest = {
  readonly principal: Principal
  /** e.g. `ram:CreateUser`. */
  readonly action: string
  /** One or more full ARNs, e.g. `acs:ram:*:1234567890123456:user/*`, or `*`. */
  readonly resources: readonly [string, ...string[]]
  readonly context: RequestContext
}

/** A context from plain members; a single value stands for an array of one. */
export const requestContext = (
  members: Readonly<Record<string, string | ReadonlyArray<string>>>,
): RequestContext =>
  new Map(
    Object.entries(members).map(([key, value]) => [
      key.toLowerCase(),
      typeof value === 'string' ? [value] : value,
    ]),
  )

/** The condition key for the time of a call. */
export const TIME_KEY = 'acs:currenttime'

/** That key with its value. `time`: milliseconds since the epoch, UTC. */
export const timeKey = (time: number): readonly [string, ReadonlyArray<string>] => [
  TIME_KEY,
  [new Date(time).toISOString()],
]

/** The same context, with the time where it tells none: so that a Deny by time holds there too. */
export const timedContext = (context: RequestContext, time: number): RequestContext =>
  context.has(TIME_KEY) ? context : new Map([...context, timeKey(time)])

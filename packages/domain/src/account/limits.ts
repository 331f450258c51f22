/**
 * What callers may write freely, and how much of it: comments, descriptions, durations and tags.
 *
 * Characters are Unicode code points; half of a surrogate pair is not a character and is refused.
 */
import * as t from 'io-ts'
import { Tag } from '../names.js'

/** Longest comments of a group. Unit: characters. Source: RAM's published limits. */
export const COMMENTS_CHARACTERS_MAX = 128

/** Longest description of a role or policy. Unit: characters. Source: RAM's published limits. */
export const DESCRIPTION_CHARACTERS_MAX = 1024

/** Shortest value of a role's longest session. Unit: seconds. Source: RAM's published limits. */
export const MAX_SESSION_DURATION_SECONDS_MIN = 3600

/** Longest value of a role's longest session. Unit: seconds. Source: RAM's published limits. */
export const MAX_SESSION_DURATION_SECONDS_MAX = 43_200

/** Most tags of one role or policy. Unit: tags. Source: RAM's published limits. */
export const TAGS_MAX = 20

/** Longest key of a tag; an empty one is refused. Unit: characters. Source: RAM's limits. */
export const TAG_KEY_CHARACTERS_MAX = 128

/** Longest value of a tag; an empty one is allowed. Unit: characters. Source: RAM's limits. */
export const TAG_VALUE_CHARACTERS_MAX = 256

const hasCharacters = (text: string, min: number, max: number): boolean => {
  if (text.length < min || text.length > max * 2) return false
  return !/\p{Surrogate}/u.test(text) && Array.from(text).length <= max
}

export interface CommentsBrand {
  readonly Comments: unique symbol
}
/** What an administrator notes about a group. 0 to 128 characters. */
export const Comments = t.brand(
  t.string,
  (s): s is t.Branded<string, CommentsBrand> => hasCharacters(s, 0, COMMENTS_CHARACTERS_MAX),
  'Comments',
)
export type Comments = t.TypeOf<typeof Comments>

export interface DescriptionBrand {
  readonly Description: unique symbol
}
/** What a role or a custom policy is for. 1 to 1024 characters. */
export const Description = t.brand(
  t.string,
  (s): s is t.Branded<string, DescriptionBrand> => hasCharacters(s, 1, DESCRIPTION_CHARACTERS_MAX),
  'Description',
)
export type Description = t.TypeOf<typeof Description>

/** Longest description of an identity provider. Unit: characters. Source: RAM's limits. */
export const PROVIDER_DESCRIPTION_CHARACTERS_MAX = 256

export interface ProviderDescriptionBrand {
  readonly ProviderDescription: unique symbol
}
/** What an identity provider is for. 0 to 256 characters. */
export const ProviderDescription = t.brand(
  t.string,
  (s): s is t.Branded<string, ProviderDescriptionBrand> =>
    hasCharacters(s, 0, PROVIDER_DESCRIPTION_CHARACTERS_MAX),
  'ProviderDescription',
)
export type ProviderDescription = t.TypeOf<typeof ProviderDescription>

export interface MaxSessionDurationBrand {
  readonly MaxSessionDuration: unique symbol
}
/** The longest session that a role gives. A whole number of seconds, 3600 to 43200. */
export const MaxSessionDuration = t.brand(
  t.number,
  (n): n is t.Branded<number, MaxSessionDurationBrand> =>
    Number.isInteger(n) &&
    n >= MAX_SESSION_DURATION_SECONDS_MIN &&
    n <= MAX_SESSION_DURATION_SECONDS_MAX,
  'MaxSessionDuration',
)
export type MaxSessionDuration = t.TypeOf<typeof MaxSessionDuration>

/** `aliyun` and `acs:` belong to the platform, and a link in a tag is a lure. */
const isReserved = (text: string): boolean =>
  /^(aliyun|acs:)/i.test(text) || /https?:\/\//i.test(text)

const isTag = ({ key, value }: Tag): boolean =>
  hasCharacters(key, 1, TAG_KEY_CHARACTERS_MAX) &&
  hasCharacters(value, 0, TAG_VALUE_CHARACTERS_MAX) &&
  !isReserved(key) &&
  !/https?:\/\//i.test(value)

export interface TagsBrand {
  readonly Tags: unique symbol
}
/** The tags of one role or policy: at most 20, no key twice, none with a reserved beginning. */
export const Tags = t.brand(
  t.readonlyArray(Tag),
  (tags): tags is t.Branded<ReadonlyArray<Tag>, TagsBrand> =>
    tags.length <= TAGS_MAX &&
    tags.every(isTag) &&
    new Set(tags.map((tag) => tag.key)).size === tags.length,
  'Tags',
)
export type Tags = t.TypeOf<typeof Tags>

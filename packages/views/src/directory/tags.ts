/** How the directory remembers tags, and the pages in which it lists them. */
import { type Recorded, type TagEvent, tagsAfter } from '@grantlog/domain'
import { carries } from './questions.js'
import type { Roster } from './roster.js'
import type { CustomPolicyRow, RoleRow, TagFilter } from './rows.js'
import type { DirectoryState } from './state.js'

export const applyToTags = (
  state: DirectoryState,
  event: TagEvent,
  { accountId, recordedAt: updatedAt }: Recorded,
): DirectoryState => {
  const { resource } = event
  switch (resource.type) {
    case 'Role': {
      const row = state.roles.byId(accountId, resource.roleId)
      if (row === undefined) return state
      state.roles.put({ ...row, tags: tagsAfter(row.tags ?? [], event), updatedAt })
      return state
    }
    case 'Policy': {
      const row = state.policies.byId(accountId, resource.policyId)
      if (row === undefined) return state
      state.policies.put({ ...row, tags: tagsAfter(row.tags ?? [], event), updatedAt })
      return state
    }
  }
}

/** One tag of one role or custom policy. */
export type TagOfResource = {
  readonly resourceName: string
  readonly key: string
  readonly value: string
}

/** Where a page of tags starts: behind a resource's tag, in the order of resources and of keys. */
export type TagPlace = { readonly position: number; readonly key: string }

export type TagQuestion = {
  readonly type: 'Role' | 'Policy'
  /** Only of these resources, as far as they are there; of all when left out. */
  readonly names?: ReadonlyArray<string>
  /** Only of resources that carry all of these. */
  readonly tags?: TagFilter
  readonly after?: TagPlace
  /** How many tags at most. */
  readonly limit: number
}

export type TagPage = { readonly items: ReadonlyArray<TagOfResource>; readonly next?: TagPlace }

/** Resources are looked at in stretches of so many. Ours. */
const RESOURCES_PER_STRETCH = 100

type Tagged = RoleRow | CustomPolicyRow

const nameOf = (row: Tagged): string => ('roleName' in row ? row.roleName : row.policyName)

/** All resources from a position on, in the order of creation. */
function* allFrom(
  roster: Roster<RoleRow> | Roster<CustomPolicyRow>,
  accountId: string,
  position: number,
): Iterable<Tagged> {
  let after = position - 1
  for (;;) {
    const page = roster.page(accountId, { after, limit: RESOURCES_PER_STRETCH })
    yield* page.items
    if (page.next === undefined) return
    after = page.next
  }
}

/** Those that are named, in the same order. */
const namedFrom = (
  roster: Roster<RoleRow> | Roster<CustomPolicyRow>,
  accountId: string,
  names: ReadonlyArray<string>,
  position: number,
): Iterable<Tagged> =>
  [...new Set<Tagged>(names.flatMap((name) => roster.byName(accountId, name) ?? []))]
    .filter((row) => row.position >= position)
    .sort((a, b) => a.position - b.position)

/** The tags of roles or custom policies, a page at a time; resources without tags are not seen. */
export const listTags = (
  state: DirectoryState,
  accountId: string,
  { type, names, tags = [], after, limit }: TagQuestion,
): TagPage => {
  const roster = type === 'Role' ? state.roles : state.policies
  const from = after?.position ?? 0
  const rows =
    names === undefined
      ? allFrom(roster, accountId, from)
      : namedFrom(roster, accountId, names, from)
  const items: Array<TagOfResource> = []
  let last: TagPlace | undefined
  for (const row of rows) {
    if (!carries(row, tags)) continue
    for (const { key, value } of inOrder(row)) {
      if (after !== undefined && row.position === after.position && key <= after.key) continue
      if (items.length === limit) return last === undefined ? { items } : { items, next: last }
      items.push({ resourceName: nameOf(row), key, value })
      last = { position: row.position, key }
    }
  }
  return { items }
}

const inOrder = ({ tags = [] }: Tagged) =>
  [...tags].sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))

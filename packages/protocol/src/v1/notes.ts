/**
 * Why an order is given, and which ticket asked for it, as members of its body: they say the same
 * as the headers of these names, and go into the event likewise.
 *
 * Invariant: where a header and a member both say something, they say the same.
 */
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { NOTE_CHARACTERS_MAX, REASON_HEADER, type Scene, TICKET_HEADER } from '../rpc/scene.js'
import { type MemberAbout, member } from './about.js'
import { withSchema } from './json-schema.js'
import type { ReadFault } from './problem.js'

const Note = withSchema(
  t.refinement(t.string, (text) => text.length <= NOTE_CHARACTERS_MAX, 'Note'),
  { maxLength: NOTE_CHARACTERS_MAX },
)

/** What the body of every order may have beside its own members. */
export const NOTE_MEMBERS = { reason: Note, ticket: Note }

const RULE = `a text of at most ${NOTE_CHARACTERS_MAX} characters`

/** What is said of these members. */
export const NOTES_BODY: ReadonlyArray<MemberAbout> = [
  member.optional(
    'reason',
    RULE,
    `Why the call is made; kept with what it records. The same as the header \`${REASON_HEADER}\`.`,
  ),
  member.optional(
    'ticket',
    RULE,
    `Which ticket asked for it; kept with what it records. The same as the header \`${TICKET_HEADER}\`.`,
  ),
]

/** The notes as a body has them; an empty text says nothing. */
export type GivenNotes = {
  readonly reason?: string | undefined
  readonly ticket?: string | undefined
}

const HEADERS = { reason: REASON_HEADER, ticket: TICKET_HEADER } as const

/** The scene of a call of which the body says why it is made; refused where its headers differ. */
export const withNotes = (scene: Scene, given: GivenNotes): E.Either<ReadFault, Scene> => {
  const { circumstances } = scene
  const { reason, ticket } = given
  for (const name of ['reason', 'ticket'] as const) {
    const [inHeader, inBody] = [circumstances[name], given[name]]
    if (inHeader && inBody && inHeader !== inBody) {
      const fault = `it must say what the header ${HEADERS[name]} says, or stand in one place alone`
      return E.left({ type: 'BodyMalformed', pointer: `/${name}`, fault })
    }
  }
  const notes = { ...(reason ? { reason } : {}), ...(ticket ? { ticket } : {}) }
  return E.right({ ...scene, circumstances: { ...circumstances, ...notes } })
}

/** The statements of a policy as they were written, for people: in the spelling of their author. */
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import {
  documentCodecs,
  POLICY_DOCUMENT_CHARACTERS_MAX,
  type PolicyKind,
  type WrittenDocument,
  type WrittenStatement,
} from '../document.js'
import { parseJson } from '../json.js'

/** In the order of the parsed statements; empty for a text that is no policy. */
export const writtenStatements = (
  kind: PolicyKind,
  text: string,
): ReadonlyArray<WrittenStatement> =>
  pipe(
    parseJson(text, POLICY_DOCUMENT_CHARACTERS_MAX),
    E.flatMap((json): E.Either<unknown, WrittenDocument> => documentCodecs[kind].decode(json)),
    E.match(
      () => [],
      ({ Statement }) => Statement,
    ),
  )

/** The actions that the statements name in full, without wildcards, in the order written. */
export const namedActions = (statements: ReadonlyArray<WrittenStatement>): ReadonlyArray<string> =>
  statements
    .flatMap(({ Action = [], NotAction = [] }) => [...Action, ...NotAction])
    .filter((name) => !/[*?]/.test(name))

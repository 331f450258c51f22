/**
 * Parsed policy documents, shared by everybody who needs the same text.
 *
 * Invariant: a text is parsed at most once while it is kept. A text that does not parse is
 * remembered as such, and whoever depends on it answers nothing, which means deny.
 */
import { type PolicyDocument, parsePolicy } from '@grantlog/policy'
import { equalParts } from './equal-parts.js'

export type DocumentKind = 'identity' | 'trust'

/** Undefined when the text does not parse. */
const parsed = (kind: DocumentKind, text: string): PolicyDocument | undefined => {
  const result = parsePolicy(kind, text)
  return result._tag === 'Right' ? result.right : undefined
}

/** Texts that are in force: kept while somebody holds them, parsed when first asked for. */
export type HeldDocuments = {
  hold(text: string): void
  release(text: string): void
  document(text: string): PolicyDocument | undefined
}

type Held = { holders: number; parse: { readonly document: PolicyDocument | undefined } | null }

export const heldDocuments = (kind: DocumentKind): HeldDocuments => {
  const byText = new Map<string, Held>()
  return {
    hold: (text) => {
      const held = byText.get(text)
      if (held === undefined) byText.set(text, { holders: 1, parse: null })
      else held.holders += 1
    },
    release: (text) => {
      const held = byText.get(text)
      if (held === undefined) return
      held.holders -= 1
      if (held.holders === 0) byText.delete(text)
    },
    document: (text) => {
      const held = byText.get(text)
      if (held === undefined) return parsed(kind, text)
      held.parse ??= { document: parsed(kind, text) }
      return held.parse.document
    },
  }
}

/**
 * How many parsed documents of the past are kept. Unit: documents. A bound on memory, not on what
 * can be asked: a document that fell out is parsed again.
 */
export const PAST_DOCUMENTS_KEPT_MAX = 16_384

/** A text of the past and, while it is kept, what was read out of it. */
export type PastText = {
  readonly text: string
  /** Undefined when the text does not parse, null while nothing is kept. */
  document: PolicyDocument | undefined | null
}

/** Texts of any time: the most recently parsed ones are kept. */
export type PastDocuments = {
  /** The one object of a text. */
  of(text: string): PastText
  document(past: PastText): PolicyDocument | undefined
}

export const pastDocuments = (
  kind: DocumentKind,
  keptMax: number = PAST_DOCUMENTS_KEPT_MAX,
): PastDocuments => {
  const byText = new Map<string, PastText>()
  const kept: Array<PastText> = []
  let next = 0
  const parts = equalParts()

  /** Takes the place of the one that was parsed longest ago; parts are shared within one round. */
  const keep = (past: PastText): void => {
    if (next === 0) parts.clear()
    const oldest = kept[next]
    if (oldest !== undefined) oldest.document = null
    kept[next] = past
    next = (next + 1) % keptMax
  }

  return {
    of: (text) => {
      const known = byText.get(text)
      if (known !== undefined) return known
      const past = { text, document: null }
      byText.set(text, past)
      return past
    },
    document: (past) => {
      if (past.document !== null) return past.document
      keep(past)
      past.document = parts.share(parsed(kind, past.text))
      return past.document
    },
  }
}

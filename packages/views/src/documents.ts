/**
 * Parsed policy documents, shared by everybody who needs the same text.
 *
 * Invariant: a text is parsed at most once while it is kept. A text that does not parse is
 * remembered as such, and whoever depends on it answers nothing, which means deny.
 */
import { type PolicyDocument, parsePolicy } from '@grantlog/policy'

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

/** Texts of any time: the most recently parsed ones are kept. */
export type PastDocuments = { document(text: string): PolicyDocument | undefined }

export const pastDocuments = (
  kind: DocumentKind,
  keptMax: number = PAST_DOCUMENTS_KEPT_MAX,
): PastDocuments => {
  const byText = new Map<string, PolicyDocument | undefined>()
  return {
    document: (text) => {
      const known = byText.get(text)
      if (known !== undefined || byText.has(text)) return known
      const document = parsed(kind, text)
      byText.set(text, document)
      if (byText.size > keptMax) {
        const [oldest] = byText.keys()
        if (oldest !== undefined) byText.delete(oldest)
      }
      return document
    },
  }
}

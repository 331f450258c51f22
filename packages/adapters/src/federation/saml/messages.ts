/** What the thread that reads XML is asked, and what it answers. */
import type { SamlMetadata } from '@grantlog/domain'
import type { AssertionFault, MetadataFault, ProvenAssertion } from '@grantlog/engine'
import type * as E from 'fp-ts/lib/Either.js'

export type SamlQuestion =
  | {
      readonly type: 'ProveAssertion'
      readonly response: string
      readonly trust: SamlMetadata
      readonly now: number
    }
  | { readonly type: 'ReadMetadata'; readonly document: string; readonly now: number }

export type SamlAnswer =
  | { readonly type: 'Proved'; readonly proof: E.Either<AssertionFault, ProvenAssertion> }
  | { readonly type: 'Read'; readonly metadata: E.Either<MetadataFault, SamlMetadata> }

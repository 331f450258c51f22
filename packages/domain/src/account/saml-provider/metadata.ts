/**
 * A SAML provider's metadata: the document as it was submitted, and what was read in it. The
 * document is read once, when it is submitted; what was read then is what assertions are held to.
 */
import * as t from 'io-ts'

export const SamlMetadata = t.intersection(
  [
    t.strict({
      /** Base64 of the XML text, as submitted. */
      document: t.string,
      /** Who issues the assertions. */
      entityId: t.string,
      /** Certificates whose keys sign assertions: base64 of DER, each once. */
      certificates: t.readonlyArray(t.string),
    }),
    t.exact(
      t.partial({
        /** Until when they hold. Milliseconds since the epoch, UTC; for ever when absent. */
        validUntil: t.number,
      }),
    ),
  ],
  'SamlMetadata',
)
export type SamlMetadata = t.TypeOf<typeof SamlMetadata>

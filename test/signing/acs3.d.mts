/** The types of acs3.mjs. */
type Keys = {
  readonly accessKeyId: string
  readonly accessKeySecret: string
  readonly securityToken?: string
}
export const queryOf: (parameters: Readonly<Record<string, string | number | boolean>>) => string
export const signedHeaders: (request: {
  readonly host: string
  readonly path?: string
  readonly query: string
  readonly action: string
  readonly version: string
  readonly keys: Keys
  readonly now: number
  readonly method?: string
  readonly body?: string
  readonly overrides?: Readonly<Record<string, string | undefined>>
}) => Record<string, string>

/**
 * What each route promises of its answer, held against every answer that a test gets.
 */
import { READ_ROUTES } from '@grantlog/protocol'
import * as E from 'fp-ts/lib/Either.js'
import { PathReporter } from 'io-ts/lib/PathReporter.js'

const PATTERNS = READ_ROUTES.map(({ method, about }) => ({
  method,
  pattern: new RegExp(`^${about.path.replace(/\{\w+\}/g, '[^/]+')}$`),
  answer: about.shapes?.answer,
}))

/** Throws where the answer of status 200 is not of the shape that its route promises. */
export const expectPromised = (method: string, path: string, body: unknown): void => {
  const route = PATTERNS.find((each) => each.method === method && each.pattern.test(path))
  const decoded = route?.answer?.decode(body)
  if (decoded !== undefined && E.isLeft(decoded))
    throw new Error(`${method} ${path}: ${PathReporter.report(decoded).join('; ').slice(0, 2_000)}`)
}

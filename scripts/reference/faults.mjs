/**
 * Every fault a call can meet, with a sample of each, read from the types of the protocol: so that the
 * table of errors can be asked what it answers, instead of being copied.
 */
import { dirname, join } from 'node:path'
import ts from 'typescript'

const programOf = (path) => {
  const config = ts.findConfigFile(dirname(path), ts.sys.fileExists)
  const { config: json } = ts.readConfigFile(config, ts.sys.readFile)
  const { options } = ts.parseJsonConfigFileContent(json, ts.sys, dirname(config))
  return ts.createProgram([path], { ...options, noEmit: true, composite: false })
}

/** Samples of a record are not made deeper than this, nor more of them than that. */
const DEPTH_MAX = 2
const SAMPLES_MAX = 8

/** Values that stand for a type: each word of a union of words, `<name>` for a text. */
const samplesOf = (checker, type, name, depth) => {
  if (type.isStringLiteral()) return [type.value]
  if (type.isUnion()) {
    const present = type.types.filter((each) => (each.flags & ts.TypeFlags.Undefined) === 0)
    return present.slice(0, SAMPLES_MAX).flatMap((each) => samplesOf(checker, each, name, depth))
  }
  const isPlain = (each) => each.flags & (ts.TypeFlags.StringLike | ts.TypeFlags.NumberLike)
  if (isPlain(type) || (type.isIntersection() && type.types.some(isPlain))) return [`<${name}>`]
  if (checker.isArrayLikeType(type)) return [[]]
  return depth === DEPTH_MAX ? [undefined] : recordsOf(checker, type, depth + 1)
}

/** A member with several samples makes as many records of the whole. */
const recordsOf = (checker, type, depth) =>
  checker.getPropertiesOfType(type).reduce(
    (records, property) => {
      const { name } = property
      const samples = samplesOf(checker, checker.getTypeOfSymbol(property), name, depth)
      return records
        .flatMap((record) => samples.map((value) => ({ ...record, [name]: value })))
        .slice(0, SAMPLES_MAX)
    },
    [{}],
  )

/** Type of fault → its samples, in the order of the union. */
export const readFaults = (root) => {
  const path = join(root, 'packages/protocol/src/rpc/faults.ts')
  const program = programOf(path)
  const checker = program.getTypeChecker()
  const file = program.getSourceFile(path)
  const symbol = checker
    .getExportsOfModule(checker.getSymbolAtLocation(file))
    .find(({ name }) => name === 'Fault')
  const fault = checker.getDeclaredTypeOfSymbol(symbol)
  const found = new Map()
  for (const each of fault.types)
    for (const sample of recordsOf(checker, each, 0))
      found.set(sample.type, [...(found.get(sample.type) ?? []), sample])
  return found
}

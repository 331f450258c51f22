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

/** Values that stand for a type: each word of a union of words, `<name>` for a text. */
const samplesOf = (checker, type, name, depth = 0) => {
  if (type.isStringLiteral()) return [type.value]
  if (type.isUnion()) {
    const kinds = type.types.filter((each) => (each.flags & ts.TypeFlags.Undefined) === 0)
    return kinds.flatMap((each) => samplesOf(checker, each, name, depth))
  }
  if (type.flags & (ts.TypeFlags.StringLike | ts.TypeFlags.NumberLike)) return [`<${name}>`]
  if (type.isIntersection() && type.types.some((t) => t.flags & ts.TypeFlags.StringLike))
    return [`<${name}>`]
  if (depth > 3) return [undefined]
  return recordsOf(checker, type, depth + 1)
}

/** Samples of a record; a member with several samples makes as many records. */
const recordsOf = (checker, type, depth = 0) =>
  checker.getPropertiesOfType(type).reduce(
    (records, property) => {
      const samples = samplesOf(
        checker,
        checker.getTypeOfSymbol(property),
        property.name,
        depth,
      )
      const few = samples.length > 8 ? samples.slice(0, 1) : samples
      return records.flatMap((record) => few.map((value) => ({ ...record, [property.name]: value })))
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
    for (const sample of recordsOf(checker, each))
      found.set(sample.type, [...(found.get(sample.type) ?? []), sample])
  return found
}

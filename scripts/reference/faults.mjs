/**
 * Samples of everything that can be answered instead of a result, so that the table of errors can
 * be asked what it answers, instead of being copied. Refusals are sampled from their codecs; of the
 * other faults only the members with a few fixed words matter, and these are read from their
 * declarations.
 */
import { readFileSync } from 'node:fs'
import ts from 'typescript'
import { membersOf } from './codecs.mjs'

/** More samples than these are not made of one record. */
const SAMPLES_MAX = 12

/** One record for each choice of a value for each member. */
const combined = (members) =>
  members.reduce(
    (records, [name, values]) =>
      records
        .flatMap((record) => values.map((value) => ({ ...record, [name]: value })))
        .slice(0, SAMPLES_MAX),
    [{}],
  )

/** Values that a codec stands for: each word of a union of words, `<name>` for a text or number. */
const samplesOfCodec = (codec, name) => {
  switch (codec._tag) {
    case 'LiteralType':
      return [codec.value]
    case 'KeyofType':
      return Object.keys(codec.keys)
    case 'UnionType':
      return codec.types.flatMap((type) => samplesOfCodec(type, name))
    case 'ExactType':
    case 'InterfaceType':
    case 'IntersectionType':
      return samplesOfRecord(codec)
  }
  return [`<${name}>`]
}

const samplesOfRecord = (codec) =>
  combined(membersOf(codec).map(({ name, type }) => [name, samplesOfCodec(type, name)]))

const wordsIn = (node, aliases) => {
  if (ts.isTypeReferenceNode(node)) return aliases.get(node.typeName.getText()) ?? []
  const types = ts.isUnionTypeNode(node) ? node.types : [node]
  const words = types.flatMap((type) =>
    ts.isLiteralTypeNode(type) && ts.isStringLiteral(type.literal) ? [type.literal.text] : [],
  )
  return words.length === types.length ? words : []
}

/** Type of fault → its members that have fixed words, with these words. */
const readDeclarations = (paths) => {
  const aliases = new Map()
  const records = new Map()
  const visit = (node) => {
    if (ts.isTypeAliasDeclaration(node)) {
      const words = wordsIn(node.type, aliases)
      if (words.length > 0) aliases.set(node.name.text, words)
    }
    if (ts.isTypeLiteralNode(node)) {
      const members = node.members
        .filter((member) => ts.isPropertySignature(member) && member.type !== undefined)
        .map((member) => [member.name.getText(), wordsIn(member.type, aliases)])
        .filter(([, words]) => words.length > 0)
      for (const type of members.find(([name]) => name === 'type')?.[1] ?? [])
        records.set(type, members)
    }
    ts.forEachChild(node, visit)
  }
  for (const path of paths)
    visit(ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest, true))
  return records
}

/** A member that is asked for and not known is a text that names itself. */
const withAnything = (record) =>
  new Proxy(record, { get: (known, name) => known[name] ?? `<${String(name)}>` })

/** Type of fault → its samples, for every row of the table of errors, in its order. */
export const sampleFaults = (errors, refusals, declarations) => {
  const declared = readDeclarations(declarations)
  return new Map(
    Object.keys(errors).map((type) => {
      const codec = refusals[type]
      const samples =
        codec === undefined
          ? combined(declared.get(type) ?? [['type', [type]]])
          : samplesOfRecord(codec)
      return [type, samples.filter((sample) => sample.type === type).map(withAnything)]
    }),
  )
}

import {readFaults} from './reference/faults.mjs'
console.time('t')
const f=readFaults('/work/main')
console.timeEnd('t')
for(const [k,v] of f) console.log(k, JSON.stringify(v).slice(0,180))

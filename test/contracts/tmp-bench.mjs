import { openSqliteLog } from '@grantlog/adapters/sqlite'
import fs from 'node:fs'
import crypto from 'node:crypto'
const [,, mode='worker', W='64', sec='3', sub='0', streams='1024'] = process.argv
const dir='/work/tmp/lb'; fs.rmSync(dir,{recursive:true,force:true})
let t=performance.now()
const o = await openSqliteLog({directory:dir, clock:{now:()=>Date.now()}, mode}); const log=o.right
console.log('open', (performance.now()-t).toFixed(0),'ms')
const data=JSON.stringify({type:'RoleAssumed',sessionId:'a'.repeat(32),roleId:'312345678901234567',x:'y'.repeat(80)}), metadata=JSON.stringify({commandId:crypto.randomUUID(),requestId:crypto.randomUUID(),actor:{accountId:'1234567890123456',principalType:'User',principalId:'212345678901234567',arn:'acs:ram::1234567890123456:user/alice'},critical:true})
let n=0, got=0, stop=false
if(+sub) log.subscribe(0,{onEvents:async b=>{got+=b.length}, onFailure:e=>console.log(e)})
const t0=performance.now(); const c0=performance.eventLoopUtilization()
const lat=[]
const w=async(i)=>{ let k=0; while(!stop){ const s=performance.now(); const r=await log.append('sessions-'+((i+64*k++)%(+streams)),'any',[{id:crypto.randomUUID(),type:'RoleAssumed',schemaVersion:1,data,metadata}])(); if(r._tag==='Left') throw JSON.stringify(r.left); lat.push(performance.now()-s); n++ } }
setTimeout(()=>{stop=true},sec*1000)
await Promise.all(Array.from({length:+W},(_,i)=>w(i)))
const dt=performance.now()-t0; lat.sort((a,b)=>a-b)
console.log(mode,W,Math.round(n/dt*1000),'ev/s p50',lat[lat.length>>1].toFixed(2),'p99',lat[lat.length*.99|0].toFixed(2),'got',got, 'ELU', performance.eventLoopUtilization(c0).utilization.toFixed(2))
t=performance.now(); await log.close(); console.log('close',(performance.now()-t).toFixed(0))

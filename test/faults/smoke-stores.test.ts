import { smoke } from './cells.ts'
import { testCells } from './smoke.ts'

testCells(smoke.stores)

/** All HTTP functions in one process, behind the routes of the gateway. */
import { createGateway, loadFunctions } from '../host.ts'
import { serve } from '../../shared/runtime/serve.ts'

serve('gateway', createGateway(await loadFunctions()))

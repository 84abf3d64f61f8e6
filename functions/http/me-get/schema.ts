export { Profile as Reply } from '../../../shared/contract/profile.ts'

import { Entrance } from '../../../entrance/Entrance.tsx'

export default function Page() {
  return <Entrance isNew={true} />
}

/** Rows that are dragged onto a day. Without a pointer that drags: `d` on a row, or the date in the panel of its task. */
import { useState, type DragEvent } from 'react'

const kind = 'application/x-todo-task'

/** For the row: its link is what the browser lets people drag. */
export function startDrag({ dataTransfer }: DragEvent, id: string): void {
  dataTransfer.setData(kind, id)
  dataTransfer.effectAllowed = 'move'
}

/** For what takes rows: its listeners, and whether one is over it. */
export function useDrop(drop: ((id: string) => void) | undefined) {
  const [isOver, setIsOver] = useState(false)
  if (!drop) return { isOver: false, listeners: {} }
  const takes = (event: DragEvent) => event.dataTransfer.types.includes(kind)
  const listeners = {
    onDragOver(event: DragEvent) {
      if (!takes(event)) return
      event.preventDefault()
      setIsOver(true)
    },
    onDragLeave(event: DragEvent) {
      if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setIsOver(false)
    },
    onDrop(event: DragEvent) {
      setIsOver(false)
      if (!takes(event)) return
      event.preventDefault()
      drop(event.dataTransfer.getData(kind))
    },
  }
  return { isOver, listeners }
}

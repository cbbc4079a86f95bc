// What the device keeps of a running exam: the sheet (to show it again without a network), flags, and answers not yet acknowledged.
import { openDB, type DBSchema, type IDBPDatabase } from 'idb'
import type { Sheet } from '@/api/types'
import type { Entry, EntryStore } from './queue'

/** A running attempt as it was last seen. */
export interface KeptAttempt {
  id: string
  sheet: Sheet
  /** slots marked by the reader */
  flags: number[]
  /** false: the attempt came from another device, which may hold more flags */
  flags_whole?: boolean
  /** the slot in view */
  at: number
  /** ms by this device */
  kept_at: number
}

interface Schema extends DBSchema {
  attempts: { key: string; value: KeptAttempt }
  queue: { key: [string, number]; value: Entry }
}

const weekMs = 7 * 24 * 3600 * 1000

export class ExamStorage implements EntryStore {
  private constructor(private readonly db: IDBPDatabase<Schema>) {}

  static async open(name = 'qiming-exam'): Promise<ExamStorage> {
    const db = await openDB<Schema>(name, 1, {
      upgrade(fresh) {
        fresh.createObjectStore('attempts', { keyPath: 'id' })
        fresh.createObjectStore('queue', { keyPath: ['attempt', 'client_seq'] })
      },
      blocking() {
        db.close()
      },
    })
    return new ExamStorage(db)
  }

  async pending(attempt: string): Promise<Entry[]> {
    return this.db.getAll('queue', IDBKeyRange.bound([attempt, 0], [attempt, Number.MAX_SAFE_INTEGER]))
  }
  async put(entry: Entry): Promise<void> {
    await this.db.put('queue', plain(entry))
  }
  async remove(attempt: string, seqs: number[]): Promise<void> {
    const tx = this.db.transaction('queue', 'readwrite')
    await Promise.all([...seqs.map((seq) => tx.store.delete([attempt, seq])), tx.done])
  }

  async attempt(id: string): Promise<KeptAttempt | undefined> {
    return this.db.get('attempts', id)
  }
  async keepAttempt(kept: KeptAttempt): Promise<void> {
    await this.db.put('attempts', plain(kept))
  }
  /** Forgets a finished attempt, and those left behind more than a week ago with nothing waiting. */
  async finish(id: string, now: number): Promise<void> {
    await this.db.delete('attempts', id)
    for (const old of await this.db.getAll('attempts')) {
      if (now - old.kept_at > weekMs && (await this.pending(old.id)).length === 0) await this.db.delete('attempts', old.id)
    }
  }
  close(): void {
    this.db.close()
  }
}

/** Reactive values cannot be cloned into IndexedDB. */
const plain = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T

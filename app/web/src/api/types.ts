// What the API says, under the names the pages use. Shapes come from the OpenAPI document where it names them;
// see src/api/schema.d.ts (generated).
export type Instant = string

export interface OrgRef {
  id: string
  name: string
}

export interface Me {
  account_id: string
  login: string
  name: string
  member_id?: string
  org?: OrgRef & { path: OrgRef[] }
  roles: { role: string; org_id: string; org_name: string }[]
  permissions: string[]
  must_change_password: boolean
  preferences: { language?: string; theme?: string; elder?: boolean; font_scale?: number }
  csrf: string
  demo: boolean
}

export type Kind = 'single' | 'multiple' | 'truefalse' | 'blanks' | 'short'

/** An answer; the zero value is "no answer". */
export interface AnswerResponse {
  choices?: string[]
  truth?: boolean
  texts?: string[]
  text?: string
}

export interface Item {
  kind: Kind
  stem: string
  options?: { id: string; text: string }[]
  blanks?: number
  partial?: string
}

export type AttemptState = 'created' | 'open' | 'overdue' | 'submitted' | 'expired' | 'abandoned' | 'grading' | 'graded' | 'released' | 'void'

export interface Sheet {
  attempt: {
    id: string
    quiz_id: string
    title: string
    number: number
    state: AttemptState
    started_at: Instant
    deadline?: Instant
    grace_end?: Instant
    ended_at?: Instant
  }
  session?: string
  server_time: Instant
  sections: { id: string; title: string; instructions?: string; from: number; to: number }[]
  items: { slot: number; points: number; item: Item; question_version?: string }[]
  answers: { slot: number; response: AnswerResponse; seq: number; client_seq: number; at: Instant; receipt: string }[]
  last_client_seq: number
}

export interface SavedAnswer {
  client_seq: number
  slot: number
  seq: number
  receipt: string
  at: Instant
  late: boolean
}

export interface SaveResult {
  server_time: Instant
  state: AttemptState
  deadline?: Instant
  receipts: SavedAnswer[]
}

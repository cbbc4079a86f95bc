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

/** A list by cursor. */
export interface Listed<T> {
  items: T[]
  next?: string
  total?: number
}

export interface AttemptSummary {
  attempt_id: string
  quiz_id?: string
  title?: string
  number?: number
  state: AttemptState
  started_at?: Instant
  ended_at?: Instant
  score?: number
  points?: number
  percent?: number
  passed?: boolean
}

export interface ExamCard {
  quiz_id: string
  title: string
  org_name?: string
  opens?: Instant
  closes?: Instant
  limit: number
  items: number
  points: number
  pass_percent: number
  state: 'open' | 'coming' | 'done' | 'missed'
  attempts_used: number
  attempts_allowed: number
  open_attempt_id?: string
  last?: AttemptSummary
  password_required: boolean
}

export interface ExamDetail extends ExamCard {
  intro?: string
  sections?: { title: string; items: number; points: number; kinds?: Kind[] }[]
  rules?: { overdue?: string; grace?: number; grade_by?: string; partial?: boolean; manual_release?: boolean; wait?: number }
  can_start: boolean
  reason?: string
  reason_params?: Record<string, unknown>
  attempts?: AttemptSummary[]
}

export interface ReviewItem {
  slot: number
  item: Item
  points: number
  response?: AnswerResponse
  correct?: 'right' | 'partial' | 'wrong' | 'pending' | 'blank'
  mark?: number
  feedback?: string
  explanation?: string
  source?: string
  right_answer?: RightAnswer
  comment?: string
}

export interface RightAnswer {
  choices?: string[]
  truth?: boolean
  texts?: string[][]
  text?: string
}

export interface Review {
  attempt: AttemptSummary
  shows: Record<'responses' | 'correctness' | 'marks' | 'feedback' | 'explanation' | 'right_answer' | 'total', boolean>
  phase: 'during' | 'after' | 'open' | 'closed' | 'not_released'
  total?: { score: number; points: number; percent: number; passed: boolean }
  items: ReviewItem[]
  late?: { slot: number; at: Instant; admitted: boolean }[]
}

export interface ReceiptChain {
  attempt_id: string
  quiz: string
  member: string
  number: number
  head: string
  steps: { seq: number; kind: string; slot?: number; late?: boolean; response_hash?: string; at: Instant; prev: string; receipt: string }[]
}

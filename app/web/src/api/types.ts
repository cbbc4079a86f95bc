// What the API says, under the names the pages use. All shapes come from the OpenAPI document (src/api/schema.d.ts,
// generated): when server and client disagree, the type check fails.
import type { components } from './schema'

type Schemas = components['schemas']

export type Me = Schemas['Me']
export type Item = Schemas['QuestionItem']
/** An answer; the zero value is "no answer". */
export type AnswerResponse = Schemas['QuestionResponse']
export type Sheet = Schemas['ExamSheet']
export type SaveResult = Schemas['ExamSaved']
export type ClockAnswer = Schemas['ExamStanding']
export type Checked = Schemas['ExamChecked']
export type Attached = Schemas['Attached']
export type Submitted = Schemas['ExamHanded']
export type AttemptSummary = Schemas['ExamAttemptSummary']
export type ExamCard = Schemas['ExamCard']
export type ExamDetail = Schemas['ExamDoor']
export type Review = Schemas['ExamReview']
export type ReviewItem = Schemas['ExamReviewItem']
export type Lacking = Schemas['ExamLacking']
export type RubricLine = Schemas['ExamRubricLine']
export type RubricJudgement = Schemas['ExamJudgement']
export type ResultChange = Schemas['ExamResultChange']
export type Appeal = Schemas['ExamAppeal']
export type AppealLine = Schemas['ExamAppealLine']
export type AppealSeen = Schemas['ExamAppealSeen']
export type Certificate = Schemas['ExamHeld']
export type PrintedCertificate = Schemas['Printed']
export type VerifiedCertificate = Schemas['ExamVerified']
export type Regrade = Schemas['ExamRegradeSeen']
export type RegradePreview = Schemas['ExamRegradePreview']
export type ReleaseWave = Schemas['ExamWave']
export type ReleasePreview = Schemas['ExamWavePreview']
export type RegradeTotals = Schemas['ExamRegradeTotals']
export type Correctable = Schemas['ExamCorrectable']
export type ReceiptChain = Schemas['ExamChain']
export type Due = Schemas['ExamDue']
export type Device = Schemas['AccountSession']
export type OrgRow = Schemas['OrgRow']

/** A list by cursor. */
export interface Listed<T> {
  items: T[]
  next?: string
  total?: number
}

/** RFC 3339. */
export type Instant = string
export type AttemptState = Sheet['attempt']['state']
export type Kind = Item['kind']

// SPDX-License-Identifier: Apache-2.0
// The parts of FHIR R4 that these pages read and write, no more.

export interface Coding {
  system?: string;
  code?: string;
  display?: string;
}
export interface Concept {
  coding?: Coding[];
  text?: string;
}
export interface Reference {
  reference?: string;
  display?: string;
}
export interface Identifier {
  system?: string;
  value?: string;
}
export interface Quantity {
  value?: number;
  unit?: string;
  system?: string;
  code?: string;
}
export interface Extension {
  url: string;
  extension?: Extension[];
  valueQuantity?: Quantity;
  valueAttachment?: Attachment;
  valueCode?: string;
  valueReference?: Reference;
  valueInstant?: string;
  valueBoolean?: boolean;
  valueId?: string;
  valueInteger?: number;
  valuePositiveInt?: number;
  valueDate?: string;
}
export interface Attachment {
  contentType?: string;
  url?: string;
  title?: string;
  size?: number;
  creation?: string;
}
export interface Annotation {
  text: string;
}
export interface Resource {
  resourceType: string;
  id?: string;
  meta?: { versionId?: string; lastUpdated?: string };
}
export interface HumanName {
  use?: string;
  text?: string;
  family?: string;
  given?: string[];
}
export interface Address {
  text?: string;
  city?: string;
  district?: string;
  extension?: Extension[];
}
export interface Patient extends Resource {
  resourceType: 'Patient';
  identifier?: Identifier[];
  name?: HumanName[];
  gender?: Gender;
  birthDate?: string;
  managingOrganization?: Reference;
  deceasedDateTime?: string;
  address?: Address[];
}
export type Gender = 'male' | 'female' | 'other' | 'unknown';

export interface OrganizationAffiliation extends Resource {
  resourceType: 'OrganizationAffiliation';
  participatingOrganization?: Reference;
  code?: Concept[];
}

export interface Location extends Resource {
  resourceType: 'Location';
  name?: string;
  status?: string;
  extension?: Extension[];
  position?: { altitude?: number };
  physicalType?: Concept;
  operationalStatus?: Coding;
  managingOrganization?: Reference;
}
export type Priority = 'routine' | 'urgent' | 'asap' | 'stat';

export interface ServiceRequest extends Resource {
  resourceType: 'ServiceRequest';
  extension?: Extension[];
  identifier?: Identifier[];
  status: string;
  intent: string;
  category?: Concept[];
  priority?: Priority;
  code?: Concept;
  subject: Reference;
  requester?: Reference;
  performer?: Reference[];
  authoredOn?: string;
  reasonCode?: Concept[];
  note?: Annotation[];
  supportingInfo?: Reference[];
}
export type TaskStatus = 'requested' | 'accepted' | 'on-hold' | 'in-progress' | 'completed' | 'rejected' | 'cancelled' | 'failed';

export interface Task extends Resource {
  resourceType: 'Task';
  extension?: Extension[];
  status: TaskStatus;
  businessStatus?: Concept;
  intent: string;
  priority?: Priority;
  code?: Concept;
  focus?: Reference;
  for?: Reference;
  requester?: Reference;
  owner?: Reference;
  authoredOn?: string;
  lastModified?: string;
  location?: Reference;
  output?: { type: Concept; valueDateTime?: string; valueCode?: string }[];
}
export interface ClinicalImpression extends Resource {
  resourceType: 'ClinicalImpression';
  extension?: Extension[];
  status: string;
  subject?: Reference;
  date?: string;
  assessor?: Reference;
  summary?: string;
  note?: Annotation[];
  supportingInfo?: Reference[];
}
export interface Communication extends Resource {
  resourceType: 'Communication';
  identifier?: Identifier[];
  status: string;
  category?: Concept[];
  basedOn?: Reference[];
  about?: Reference[];
  subject?: Reference;
  sent?: string;
  sender?: Reference;
  payload?: { extension?: Extension[]; contentString?: string; contentAttachment?: Attachment; contentReference?: Reference }[];
}
export interface Observation extends Resource {
  resourceType: 'Observation';
  identifier?: Identifier[];
  status: string;
  category?: Concept[];
  code: Concept;
  subject?: Reference;
  basedOn?: Reference[];
  performer?: Reference[];
  effectiveDateTime?: string;
  valueQuantity?: Quantity;
  valueCodeableConcept?: Concept;
  dataAbsentReason?: Concept;
  component?: { code: Concept; valueQuantity?: Quantity }[];
}
export interface DocumentReference extends Resource {
  resourceType: 'DocumentReference';
  status: string;
  docStatus?: string; // 'preliminary' while its bytes are on their way
  type?: Concept;
  subject?: Reference;
  date?: string;
  author?: Reference[];
  description?: string;
  content: { attachment: Attachment }[];
  context?: { related?: Reference[] };
}
export interface Binary extends Resource {
  resourceType: 'Binary';
  contentType: string;
  securityContext?: Reference;
  data?: string;
}
export interface OperationOutcome extends Resource {
  resourceType: 'OperationOutcome';
  issue: { severity: string; code: string; diagnostics?: string; details?: Concept; expression?: string[] }[];
}
export interface BundleEntry {
  fullUrl?: string;
  resource?: Resource;
  search?: { mode?: string };
  request?: { method: string; url: string; ifMatch?: string; ifNoneExist?: string };
  response?: { status: string; location?: string; outcome?: Resource };
}
export interface Bundle extends Resource {
  resourceType: 'Bundle';
  type: string;
  total?: number;
  link?: { relation: string; url: string }[];
  entry?: BundleEntry[];
}

export interface Period {
  start?: string;
  end?: string;
}
export interface Organization extends Resource {
  resourceType: 'Organization';
  name?: string;
  partOf?: Reference;
}
export interface Practitioner extends Resource {
  resourceType: 'Practitioner';
  active?: boolean;
  name?: HumanName[];
}
export interface PractitionerRole extends Resource {
  resourceType: 'PractitionerRole';
  active?: boolean;
  period?: Period;
  practitioner?: Reference;
  organization?: Reference;
  code?: Concept[];
}
export interface Parameter {
  name: string;
  valueString?: string;
  valueInstant?: string;
  valueInteger?: number;
  valueDecimal?: number;
  valueBoolean?: boolean;
  valueUri?: string;
  valueUrl?: string;
  valueCode?: string;
  valueDateTime?: string;
  valueQuantity?: Quantity;
  valueCodeableConcept?: Concept;
  valueReference?: Reference;
  part?: Parameter[];
}
export interface Parameters extends Resource {
  resourceType: 'Parameters';
  parameter?: Parameter[];
}
export interface AuditEvent extends Resource {
  resourceType: 'AuditEvent';
  type: Coding;
  subtype?: Coding[];
  action?: string;
  recorded: string;
  outcome?: string;
  outcomeDesc?: string;
  agent: { role?: Concept[]; who?: Reference; name?: string; requestor: boolean; network?: { address?: string }; purposeOfUse?: Concept[] }[];
  entity?: { what?: Reference; type?: Coding; role?: Coding; name?: string }[];
}

// SPDX-License-Identifier: Apache-2.0
// Records that nobody of a scenario may see, and every way to ask for one that we could
// think of. Ids of hidden records begin with "veil"; the same id with "void" was never given
// to any record, so that whatever differs between the two tells that something is there.

/** A word that stands in hidden records and nowhere else. */
export const WORD = 'Quillfeather';
const HOSPITAL = 'demo-urgench'; // nobody of the demonstration works there
const ref = (reference) => ({ reference });
const me = ref('Patient/veil-patient-1');

/** The hidden records, in an order in which each finds what it names. */
export function hiddenRecords() {
  const about = (resourceType, id, more) => ({ resourceType, id, ...more });
  const code = { text: WORD, coding: [{ system: 'urn:veil', code: WORD }] };
  return [
    about('Patient', 'veil-patient-1', {
      managingOrganization: ref(`Organization/${HOSPITAL}`), gender: 'female', birthDate: '1987-03-04',
      identifier: [{ system: 'urn:veil', value: WORD }], name: [{ family: WORD, given: ['Ama'] }], address: [{ city: WORD }],
    }),
    about('Patient', 'veil-patient-2', { managingOrganization: ref(`Organization/${HOSPITAL}`), name: [{ family: WORD }] }),
    about('Encounter', 'veil-encounter-1', { status: 'finished', class: { code: 'AMB' }, subject: me, serviceProvider: ref(`Organization/${HOSPITAL}`) }),
    about('Observation', 'veil-observation-1', {
      status: 'final', code, subject: me, encounter: ref('Encounter/veil-encounter-1'), effectiveDateTime: '2026-01-02',
      valueQuantity: { value: 77.31, unit: 'mg' }, performer: [ref('Practitioner/demo-pema-yangchen')],
    }),
    about('Condition', 'veil-condition-1', { subject: me, code, clinicalStatus: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/condition-clinical', code: 'active' }] } }),
    about('ServiceRequest', 'veil-request-1', {
      status: 'active', intent: 'order', subject: me, code, requester: ref('Practitioner/demo-pema-yangchen'),
      performer: [ref('Organization/demo-tashkent')], supportingInfo: [ref('Observation/veil-observation-1')],
    }),
    about('Task', 'veil-task-1', { status: 'requested', intent: 'order', for: me, focus: ref('ServiceRequest/veil-request-1'), description: WORD }),
    about('Task', 'veil-task-2', { status: 'requested', intent: 'order', requester: ref(`Organization/${HOSPITAL}`), description: WORD }),
    about('Communication', 'veil-message-1', { status: 'completed', subject: me, basedOn: [ref('ServiceRequest/veil-request-1')], payload: [{ contentString: WORD }] }),
    about('Communication', 'veil-message-2', { status: 'completed', sender: ref(`Organization/${HOSPITAL}`), payload: [{ contentString: WORD }] }),
    about('Binary', 'veil-picture-1', { contentType: 'text/plain', data: Buffer.from(WORD).toString('base64') }),
    about('Binary', 'veil-picture-2', { contentType: 'text/plain', data: Buffer.from(WORD).toString('base64') }),
    about('DocumentReference', 'veil-document-1', { status: 'current', subject: me, description: WORD, content: [{ attachment: { url: 'Binary/veil-picture-1', title: WORD } }] }),
    about('Media', 'veil-media-1', { status: 'completed', subject: me, content: { url: 'Binary/veil-picture-2', title: WORD } }),
    about('CarePlan', 'veil-plan-1', { status: 'active', intent: 'plan', subject: me, title: WORD }),
    about('CareTeam', 'veil-team-1', { status: 'active', subject: me, name: WORD, participant: [{ member: ref('Organization/demo-tashkent') }] }),
    about('Consent', 'veil-consent-1', {
      status: 'active', scope: { coding: [{ code: 'patient-privacy' }] }, category: [{ text: WORD }], patient: me, policyRule: { text: WORD },
    }),
    about('List', 'veil-list-1', { status: 'current', mode: 'working', title: WORD, subject: me, entry: [{ item: ref('Observation/veil-observation-1') }] }),
    about('Group', 'veil-group-1', { type: 'person', actual: true, name: WORD, member: [{ entity: me }] }),
    about('Provenance', 'veil-origin-1', { target: [ref('Observation/veil-observation-1')], recorded: '2026-01-02T00:00:00Z', agent: [{ who: ref('Practitioner/demo-pema-yangchen') }] }),
    about('Procedure', 'veil-procedure-1', { status: 'completed', subject: me, code, performer: [{ actor: ref('Practitioner/demo-li-wei') }] }),
    about('Observation', 'veil-rating-1', { status: 'final', code, subject: me, focus: [ref('Practitioner/demo-kelsang-wangmo')], performer: [ref('Practitioner/demo-wang-lei')] }),
    about('Apprenticeship', 'veil-learning-1', {
      status: 'active', apprentice: ref('Practitioner/demo-kelsang-wangmo'), master: ref('Practitioner/demo-wang-lei'),
      learningDepartment: ref(`Organization/${HOSPITAL}`), teachingDepartment: ref('Organization/demo-tashkent'),
    }),
  ];
}

/** Where records of ${type} are served. */
export function space(type) { return type === 'Apprenticeship' ? '/programme' : '/fhir'; }

/** Ways to ask for the record ${type}/${id}; each [what, method, path, body, headers]. */
export function waysToRecord(type, id, versionId) {
  const at = `${space(type)}/${type}/${id}`;
  const base = `${space(type)}/${type}`;
  const get = (what, path, headers) => [what, 'GET', path, undefined, headers];
  const json = (more) => ({ resourceType: type, id, ...more });
  return [
    get('read', at), ['HEAD', 'HEAD', at], get('read, any type', at, { Accept: '*/*' }), get('read, bytes', at, { Accept: 'text/plain' }),
    get('pretty', `${at}?_pretty=true`), get('summary', `${at}?_summary=true`), get('text', `${at}?_summary=text`), get('elements', `${at}?_elements=id`),
    get('format', `${at}?_format=json`), get('If-None-Match *', at, { 'If-None-Match': '*' }),
    get('If-None-Match its version', at, { 'If-None-Match': `W/"${versionId}"` }),
    get('If-Modified-Since', at, { 'If-Modified-Since': 'Fri, 01 Jan 2038 00:00:00 GMT' }),
    get('If-Match', at, { 'If-Match': `W/"${versionId}"` }),
    get('version', `${at}/_history/${versionId}`), get('version 1', `${at}/_history/1`), ['version, HEAD', 'HEAD', `${at}/_history/${versionId}`],
    get('history', `${at}/_history`), get('history since', `${at}/_history?_since=2020-01-01T00:00:00Z`), get('history at', `${at}/_history?_at=2026`),
    get('history, none', `${at}/_history?_count=0`), get('history count', `${at}/_history?_summary=count`),
    get('everything', `${at}/$everything`), get('accesses', `${at}/$accesses`), get('validate', `${at}/$validate`),
    ['validate, delete', 'POST', `${at}/$validate?mode=delete`], ['validate, update', 'POST', `${at}/$validate?mode=update`, json({})],
    get('by id', `${base}?_id=${id}`), get('by id, counted', `${base}?_id=${id}&_total=accurate&_summary=count`), get('by ids', `${base}?_id=x,${id},y`),
    get('not by id', `${base}?_id:not=${id}&_summary=count`), get('by id and everything', `${base}?_id=${id}&_include=*&_revinclude=*`),
    get('by id in pages', `${base}?_id=${id}&_count=1`), get('by id, none', `${base}?_id=${id}&_count=0&_total=accurate`),
    get('by id, estimate', `${base}?_id=${id}&_total=estimate`), get('by id of all types', `/fhir?_type=${type}&_id=${id}`),
    ['POST _search', 'POST', `${base}/_search`, `_id=${id}`, { 'Content-Type': 'application/x-www-form-urlencoded' }],
    ['POST _search with a query', 'POST', `${base}/_search?_id=${id}`, '', { 'Content-Type': 'application/x-www-form-urlencoded' }],
    get('explained', `${base}?_id=${id}&_explain=true`),
    get('in lists', `${base}?_list=${id}`), get('lenient', `${base}?_id=${id}&zzz=1`, { Prefer: 'handling=lenient' }),
    ['put', 'PUT', at, json({})], ['put, only new', 'PUT', at, json({}), { 'If-None-Match': '*' }],
    ['put, only there', 'PUT', at, json({}), { 'If-Match': '*' }], ['put, its version', 'PUT', at, json({}), { 'If-Match': `W/"${versionId}"` }],
    ['put where', 'PUT', `${base}?_id=${id}`, { resourceType: type }], ['put where, with id', 'PUT', `${base}?_id=${id}`, json({})],
    ['delete', 'DELETE', at], ['delete its version', 'DELETE', at, undefined, { 'If-Match': `W/"${versionId}"` }], ['delete where', 'DELETE', `${base}?_id=${id}`],
    ['JSON Patch, test', 'PATCH', at, [{ op: 'test', path: '/id', value: id }], { 'Content-Type': 'application/json-patch+json' }],
    ['JSON Patch, false test', 'PATCH', at, [{ op: 'test', path: '/id', value: 'x' }], { 'Content-Type': 'application/json-patch+json' }],
    ['JSON Patch where', 'PATCH', `${base}?_id=${id}`, [{ op: 'test', path: '/status', value: 'final' }], { 'Content-Type': 'application/json-patch+json' }],
    ['JSON Patch, its version', 'PATCH', at, [{ op: 'remove', path: '/id' }], { 'Content-Type': 'application/json-patch+json', 'If-Match': `W/"${versionId}"` }],
    ['FHIRPath Patch', 'PATCH', at, {
      resourceType: 'Parameters', parameter: [{ name: 'operation', part: [{ name: 'type', valueCode: 'delete' }, { name: 'path', valueString: `${type}.text` }] }],
    }],
    get('method override', `${at}?_method=GET`, { 'X-HTTP-Method-Override': 'DELETE' }),
    get('encoded', `${base}/%76${id.slice(1)}`), get('encoded slash', `${base}%2f${id}`), get('double slash', `${base}//${id}`),
    get('trailing slash', `${at}/`), get('dots', `${base}/x/../${id}`), get('encoded dots', `${base}/x/%2e%2e/${id}`), get('lower case', `${base.toLowerCase()}/${id}`),
    get('upper case', `${base}/${id.toUpperCase()}`), get('semicolon', `${at};x=1`), get('null', `${at}%00`), get('other space', `${space(type) === '/fhir' ? '/programme' : '/fhir'}/${type}/${id}`),
    get('twice', `${base}?_id=void&_id=${id}`), get('another person', `${at}?_as=administrator`, { 'X-Forwarded-User': 'root', 'X-Practitioner': 'demo-pema-yangchen' }),
    get('another host', at, { 'X-Forwarded-Host': 'localhost', Forwarded: 'for=127.0.0.1' }),
  ];
}

/** Ways by which other records lead to Patient/${id}, and what hangs on it. */
export function waysAroundPatient(id, key, number) {
  const get = (path) => [path, 'GET', path];
  const patient = `Patient/${id}`;
  const [word] = [key];
  return [
    `/fhir/${patient}/Observation`, `/fhir/${patient}/Observation?_summary=count`, `/fhir/${patient}/Condition?code:text=${word}`, `/fhir/${patient}/*`,
    `/fhir/Encounter/${id.replace('patient', 'encounter')}/Observation`,
    `/fhir/Practitioner/demo-pema-yangchen/Observation?patient=${id}&_summary=count`,
    `/fhir/Observation?subject=${patient}`, `/fhir/Observation?patient=${id}&_total=accurate&_count=0`, `/fhir/Observation?subject:Patient=${id}`,
    `/fhir/Observation?subject:identifier=urn:veil|${word}`, `/fhir/Observation?subject:Patient.family=${word}`, `/fhir/Observation?subject:Patient.identifier=${word}`,
    `/fhir/Observation?subject:Patient.name:contains=${word}`, `/fhir/Observation?patient.birthdate=1987-03-04&patient.family=${word}`,
    `/fhir/Observation?patient.organization=Organization/demo-urgench&patient._id=${id}`, `/fhir/Observation?code:text=${word}`, `/fhir/Observation?code=urn:veil|${word}`,
    `/fhir/Observation?code:not=urn:veil|${word}&_summary=count&patient=${id}`, `/fhir/Observation?code:missing=false&patient=${id}`, `/fhir/Observation?value-quantity=${number}`,
    `/fhir/Observation?value-quantity=gt${number - 0.01}&patient=${id}`, `/fhir/Observation?date=2026-01-02&patient=${id}&_summary=count`,
    `/fhir/Observation?_text=${word}`, `/fhir/Observation?_content=${word}`, `/fhir/Patient?_content=${word}`, `/fhir/Observation?code-value-quantity=${word}$${number}`,
    `/fhir/Observation?encounter:Encounter.patient=${id}`, `/fhir/Observation?encounter:Encounter.patient.family=${word}`,
    `/fhir/Patient?family=${word}`, `/fhir/Patient?name=${word}&_summary=count`, `/fhir/Patient?name:exact=${word}`, `/fhir/Patient?name:contains=${word.slice(2, 9)}`,
    `/fhir/Patient?phonetic=${word}`, `/fhir/Patient?identifier=urn:veil|${word}`, `/fhir/Patient?identifier=${word}&_total=accurate`, `/fhir/Patient?address-city=${word}`,
    `/fhir/Patient?birthdate=1987-03-04&family=${word}`, `/fhir/Patient?organization=Organization/demo-urgench&family=${word}`,
    `/fhir/Patient?_has:Observation:patient:code=${word}`, `/fhir/Patient?_has:Observation:patient:_id=${id.replace('patient', 'observation')}&_summary=count`,
    `/fhir/Practitioner?_has:Observation:performer:code=${word}`, `/fhir/Practitioner?_has:Observation:performer:patient=${id}`, `/fhir/Practitioner?_has:ServiceRequest:requester:patient=${id}&_total=accurate`,
    `/fhir/Practitioner?_has:ServiceRequest:requester:subject:Patient.family=${word}`, `/fhir/Practitioner?_has:Procedure:performer:patient._id=${id}`,
    `/fhir/Organization?_has:Patient:organization:_id=${id}`, `/fhir/Organization?_has:Patient:organization:family=${word}&_revinclude=Patient:organization`,
    `/fhir/Organization?_has:Patient:organization:_has:Observation:patient:code=${word}`, `/fhir/Organization?_has:CareTeam:participant:name=${word}`, `/fhir/Organization?_has:ServiceRequest:performer:patient=${id}`,
    `/fhir/Organization?_id=demo-urgench&_revinclude=Patient:organization&_revinclude:iterate=Observation:patient&_elements=id`,
    `/fhir/Practitioner?_id=demo-kelsang-wangmo&_revinclude=*&_revinclude:iterate=*&zz${word}=1&_elements=id`,
    `/fhir/ServiceRequest?supporting-info=Observation/${id.replace('patient', 'observation')}`, `/fhir/ServiceRequest?performer=Organization/demo-tashkent&patient=${id}`,
    `/fhir/Task?focus=ServiceRequest/${id.replace('patient', 'request')}`, `/fhir/Task?patient=${id}&_include=Task:focus`, `/fhir/Task?subject:Patient.family=${word}`,
    `/fhir/DocumentReference?location=Binary/${id.replace('patient', 'picture')}`, `/fhir/DocumentReference?description=${word}`, `/fhir/DocumentReference?patient=${id}&_include=*`,
    `/fhir/List?item=Observation/${id.replace('patient', 'observation')}`, `/fhir/List?title=${word}`, `/fhir/Observation?_list=${id.replace('patient', 'list')}`,
    `/fhir/Group?member=${patient}`, `/fhir/Provenance?target=Observation/${id.replace('patient', 'observation')}`, `/fhir/Provenance?patient=${id}`, `/fhir/Procedure?part-of:below=Procedure/${id.replace('patient', 'procedure')}`,
    `/fhir/Encounter?part-of:above=Encounter/${id.replace('patient', 'encounter')}`, `/fhir/Observation?subject:Patient:above=${id}`, `/fhir?_type=Observation,Patient&_content=${word}`, `/fhir?_content=${word}`,
    `/fhir/Patient/_history?_id=${id}`, `/fhir/Observation/_history?patient=${id}`, `/fhir/_history?_id=${id}`, `/fhir/Patient?_lastUpdated=gt2020&_id=${id}&_sort=-_lastUpdated`,
    `/fhir/Patient?_sort=family&_count=1&family=ge${word}`, `/fhir/Observation?_sort=patient&patient=${id}`, `/fhir/Observation?_filter=patient eq ${id}`, `/fhir/Location?near=41.55|60.63|10&_revinclude=*&zz${word}=1`,
    `/programme/Apprenticeship?apprentice=Practitioner/demo-kelsang-wangmo&_id=${id.replace('patient', 'learning')}`, `/programme/Apprenticeship?_summary=count&_id=${id.replace('patient', 'learning')}`,
    `/fhir/Observation?focus=Practitioner/demo-kelsang-wangmo&patient=${id}`, `/fhir/Observation?focus:Practitioner._id=demo-kelsang-wangmo&code=${word}`,
  ].map((path) => get(path.replaceAll(' ', '%20')));
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Search by example: each parameter type with its prefixes and modifiers, chains,
 * includes, sorting. Every query here is also held against brute force and paged through
 * in both directions (search_node.h).
 */
#include "search_node.h"
#include "unit.h"

static struct search_node node;

static void add_people(void)
{
    node_put(&node, "{'resourceType':'Organization','id':'o1','name':'Lhasa Hospital',"
                    "'identifier':[{'system':'urn:h','value':'L1'}]}");
    node_put(&node,
        "{'resourceType':'Organization','id':'o2','name':'Beijing Hospital',"
        "'partOf':{'reference':'Organization/o1'}}");
    node_put(
        &node, "{'resourceType':'Practitioner','id':'d1','name':[{'family':'Tashi'}]}");
    node_put(&node,
        "{'resourceType':'Patient','id':'p1','active':true,'gender':'female',"
        "'birthDate':'1980-05-17','name':[{'family':'Müller','given':['Änne','Maria']}]"
        ","
        "'identifier':[{'system':'urn:mrn','value':'A1','type':{'coding':[{'system':"
        "'http://terminology.hl7.org/CodeSystem/v2-0203','code':'MR'}],'text':'Record "
        "number'}}],'address':[{'city':'Lhasa','country':'CN'}],"
        "'generalPractitioner':[{'reference':'Practitioner/d1'}],"
        "'managingOrganization':{'reference':'Organization/o1'},"
        "'telecom':[{'system':'phone','value':'+86 1'}]}");
    node_put(&node,
        "{'resourceType':'Patient','id':'p2','active':false,'gender':'male',"
        "'birthDate':'1980','name':[{'family':'Muller','given':['Hans']},"
        "{'text':'བཀྲ་ཤིས་'}],'identifier':[{'system':'urn:other','value':'A1'}],"
        "'managingOrganization':{'reference':'Organization/"
        "o2'},'deceasedBoolean':true}");
    node_put(&node,
        "{'resourceType':'Patient','id':'p3','gender':'male','birthDate':'1980-05',"
        "'name':[{'family':'Ivanov','given':['Иван']},{'text':'王小明'}],"
        "'identifier':[{'value':'A1'}],'link':[{'other':{'reference':'Patient/p1'},"
        "'type':'seealso'}]}");
    node_put(&node, "{'resourceType':'Patient','id':'p4','meta':{'tag':[{'system':"
                    "'urn:t','code':'x'}],'profile':['http://a.example/p'],"
                    "'security':[{'code':'R'}],'source':'urn:src'}}");
}

static void add_observations(void)
{
    node_put(&node,
        "{'resourceType':'Observation','id':'b1','status':'final','code':{'coding':[{"
        "'system':'http://loinc.org','code':'8480-6','display':'Systolic pressure'}],"
        "'text':'Blood'},'subject':{'reference':'Patient/p1'},"
        "'effectiveDateTime':'2020-03-01T10:00:00Z','valueQuantity':{'value':120,"
        "'unit':'millimetre','system':'http://unitsofmeasure.org','code':'mm[Hg]'}}");
    node_put(&node,
        "{'resourceType':'Observation','id':'b2','status':'final','code':{'coding':[{"
        "'system':'http://loinc.org','code':'8480-6'}]},'subject':{'reference':"
        "'Patient/p2'},'effectivePeriod':{'start':'2020-01-01','end':'2020-12-31'},"
        "'valueQuantity':{'value':140.5,'unit':'mm[Hg]'}}");
    node_put(&node,
        "{'resourceType':'Observation','id':'b3','status':'amended','code':{'coding':[{"
        "'system':'http://loinc.org','code':'29463-7'}]},'subject':{'reference':"
        "'Patient/p1'},'effectiveDateTime':'2021','valueQuantity':{'value':70,"
        "'system':'http://unitsofmeasure.org','code':'kg'},'performer':[{'reference':"
        "'Practitioner/d1'}]}");
    node_put(&node,
        "{'resourceType':'Observation','id':'b4','status':'final','code':{'coding':[{"
        "'system':'http://loinc.org','code':'85354-9'}]},'subject':{'reference':"
        "'Patient/p1'},'effectivePeriod':{'start':'2020-02-01'},'component':[{'code':{"
        "'coding':[{'system':'http://loinc.org','code':'8480-6'}]},'valueQuantity':{"
        "'value':110,'system':'http://unitsofmeasure.org','code':'mm[Hg]'}},{'code':{"
        "'coding':[{'system':'http://loinc.org','code':'8462-4'}]},'valueQuantity':{"
        "'value':75,'system':'http://unitsofmeasure.org','code':'mm[Hg]'}}]}");
    node_put(&node,
        "{'resourceType':'Observation','id':'b5','status':'final','code':{'text':"
        "'Something seen'},'subject':{'identifier':{'system':'urn:mrn','value':'Z9'}},"
        "'valueCodeableConcept':{'coding':[{'system':'urn:v','code':'yes'}]},"
        "'derivedFrom':[{'reference':'http://else.example/fhir/Observation/9'}]}");
}

static void add_others(void)
{
    node_put(&node, "{'resourceType':'Location','id':'l1','name':'Lhasa','position':{"
                    "'latitude':29.65,'longitude':91.14}}");
    node_put(&node,
        "{'resourceType':'Location','id':'l2','name':'Shigatse','position':{"
        "'latitude':29.27,'longitude':88.88}}");
    node_put(&node, "{'resourceType':'Location','id':'l3','name':'Fiji','position':{"
                    "'latitude':-17.7,'longitude':179.9}}");
    node_put(&node, "{'resourceType':'ValueSet','id':'v1','status':'active',"
                    "'url':'http://a.example/fhir/ValueSet/one','version':'1.2'}");
    node_put(&node, "{'resourceType':'ValueSet','id':'v2','status':'draft',"
                    "'url':'http://a.example/fhir/ValueSet/onetwo'}");
    node_put(&node, "{'resourceType':'Questionnaire','id':'q1','status':'active',"
                    "'title':'Pain','url':'http://a.example/q'}");
    node_put(&node, "{'resourceType':'QuestionnaireResponse','id':'r1','status':"
                    "'completed','questionnaire':'http://a.example/q|2.1'}");
    node_put(&node,
        "{'resourceType':'RiskAssessment','id':'k1','status':'final','subject':{"
        "'reference':'Patient/p1'},'prediction':[{'probabilityDecimal':0.8}]}");
    node_put(&node,
        "{'resourceType':'RiskAssessment','id':'k2','status':'final','subject':{"
        "'reference':'Patient/p2'},'prediction':[{'probabilityRange':{'low':{'value':"
        "10},'high':{'value':30}}},{'probabilityDecimal':100}]}");
}

static int open_memory(void **state)
{
    (void)state;
    node_open(&node, STORE_MEMORY);
    add_people();
    add_observations();
    add_others();
    return 0;
}

static int open_sqlite(void **state)
{
    (void)state;
    node_open(&node, STORE_SQLITE);
    add_people();
    add_observations();
    add_others();
    return 0;
}

static int close_node(void **state)
{
    (void)state;
    node_close(&node);
    return 0;
}

/* ---- cases ---- */

static void tokens(void **state)
{
    (void)state;
    assert_search(&node, "Patient?gender=male", "p2 p3");
    assert_search(&node, "Patient?gender=MALE", "p2 p3");
    assert_search(&node, "Patient?gender=male,female", "p1 p2 p3");
    assert_search(&node,
        "Patient?gender=http://hl7.org/fhir/administrative-gender|male", "p2 p3");
    assert_search(&node, "Patient?gender:not=male", "p1 p4");
    assert_search(&node, "Patient?gender:not=male", "p1 p4");
    assert_search(&node, "Patient?gender=urn:other|male", "");
    assert_search(
        &node, "Patient?gender=http://hl7.org/fhir/observation-status|male", "");
    assert_search(
        &node, "Patient?gender=http://hl7.org/fhir/administrative-gender|final", "");
    assert_search(&node, "Patient?gender=|male", "p2 p3");
    assert_search(
        &node, "Patient?gender=http://hl7.org/fhir/administrative-gender|", "p1 p2 p3");
    assert_search(&node, "Patient?gender=urn:other|,urn:other|male,female", "p1");
    assert_search(&node, "Patient?gender:not=urn:other|male", "p1 p2 p3 p4");
    assert_search(&node,
        "Patient?gender:not=http://hl7.org/fhir/administrative-gender|male", "p1 p4");
    assert_search(&node, "Patient?gender:not=male,female", "p4");
    assert_search(&node, "Patient?active=true", "p1");
    assert_search(&node, "Patient?deceased=true", "p2");
    assert_search(&node, "Patient?deceased=false", "p1 p3 p4");
    assert_search(&node, "Patient?identifier=A1", "p1 p2 p3");
    assert_search(&node, "Patient?identifier=urn:mrn|A1", "p1");
    assert_search(&node, "Patient?identifier=|A1", "p3");
    assert_search(&node, "Patient?identifier=urn:mrn|", "p1");
    assert_search(&node, "Patient?identifier=urn:mrn|,urn:other|A1", "p1 p2");
    assert_search(&node, "Patient?identifier=nobody", "");
    assert_search(&node,
        "Patient?identifier:of-type="
        "http://terminology.hl7.org/CodeSystem/v2-0203|MR|A1",
        "p1");
    assert_search(&node, "Patient?identifier:of-type=urn:none|MR|A1", "");
    assert_search(&node, "Patient?identifier:text=record", "p1");
    assert_search(&node, "Observation?code:text=systolic", "b1");
    assert_search(&node, "Observation?code:text=something", "b5");
    assert_search(&node, "Observation?code:missing=false", "b1 b2 b3 b4 b5");
    assert_search(&node, "Patient?_id=p2,p4,nobody", "p2 p4");
    assert_search(&node, "Patient?_id:not=p2,p4", "p1 p3");
    assert_search(&node, "Patient?_id:missing=false", "p1 p2 p3 p4");
    assert_search(&node, "Patient?_has:Observation:patient:_id=b2,b3", "p1 p2");
    assert_search(&node, "Observation?subject._id=p2", "b2");
    assert_search(&node, "Observation?subject:Patient._lastUpdated=lt2020", "");
    assert_search(
        &node, "Observation?subject:Patient._lastUpdated=gt2020", "b1 b2 b3 b4");
    assert_search(&node, "Patient?_tag=urn:t|x", "p4");
    assert_search(&node, "Patient?_security=R", "p4");
    assert_search(&node, "Patient?_security:not=R", "p1 p2 p3");
    assert_search(&node,
        "Patient?gender:in=http://hl7.org/fhir/ValueSet/administrative-gender",
        "p1 p2 p3");
    assert_search(&node,
        "Patient?gender:not-in=http://hl7.org/fhir/ValueSet/administrative-gender",
        "p4");
    assert_search(&node, "Patient?phone=%2B86 1", "p1");
}

static void strings(void **state)
{
    (void)state;
    assert_search(&node, "Patient?family=mull", "p1 p2");
    assert_search(&node, "Patient?family=MÜLL", "p1 p2");
    assert_search(&node, "Patient?family:exact=Muller", "p2");
    assert_search(&node, "Patient?family:exact=muller", "");
    assert_search(&node, "Patient?family:contains=ull,van", "p1 p2 p3");
    assert_search(&node, "Patient?name=anne", "p1");
    assert_search(&node, "Patient?name=བཀྲ", "p2");
    assert_search(&node, "Patient?name=王", "p3");
    assert_search(&node, "Patient?name:contains=小明", "p3");
    assert_search(&node, "Patient?given=ИВАН", "p3");
    assert_search(&node, "Patient?given=ma", "p1");
    assert_search(&node, "Patient?name:missing=true", "p4");
    assert_search(&node, "Patient?name:missing=false", "p1 p2 p3");
    assert_search(&node, "Patient?address=cn", "p1");
    assert_search(&node, "Patient?name=mul&name=han", "p2");
    assert_search(&node, "Organization?name=lhasa\\,", "");
}

static void dates(void **state)
{
    (void)state;
    assert_search(&node, "Patient?birthdate=1980-05-17", "p1");
    assert_search(&node, "Patient?birthdate=1980-05", "p1 p3");
    assert_search(&node, "Patient?birthdate=1980", "p1 p2 p3");
    assert_search(&node, "Patient?birthdate=ne1980-05", "p2");
    assert_search(&node, "Patient?birthdate=gt1980-05-17", "p2 p3");
    assert_search(&node, "Patient?birthdate=lt1980-05-17", "p2 p3");
    assert_search(&node, "Patient?birthdate=ge1980-05-17", "p1 p2 p3");
    assert_search(&node, "Patient?birthdate=le1980-05-17", "p1 p2 p3");
    assert_search(&node, "Patient?birthdate=sa1980-04", "p1 p3");
    assert_search(&node, "Patient?birthdate=eb1981", "p1 p2 p3");
    assert_search(&node, "Patient?birthdate=eb1980-06", "p1 p3");
    assert_search(&node, "Patient?birthdate=ap1980", "p1 p2 p3");
    assert_search(&node, "Patient?birthdate=ap2025", "");
    assert_search(&node, "Observation?date=2020-03-01", "b1");
    assert_search(&node, "Observation?date=2020", "b1 b2");
    assert_search(&node, "Observation?date=gt2020", "b3 b4");
    assert_search(&node, "Observation?date=ge2020-03", "b1 b2 b3 b4");
    assert_search(&node, "Observation?date=lt2020-02", "b2");
    assert_search(&node, "Observation?date=sa2020-01", "b1 b3 b4");
    assert_search(&node, "Observation?date=eb2021", "b1 b2");
    assert_search(&node, "Observation?date=ap2020-06-01", "b1 b2 b4");
    assert_search(
        &node, "Observation?date=ge2020-03-01T09:00&date=lt2020-03-02", "b1 b2 b4");
    assert_search(&node, "Observation?date=2020-03-01T12:00:00+02:00", "b1");
    assert_search(&node, "Observation?date:missing=true", "b5");
    assert_search(&node, "Patient?_lastUpdated=gt2020", "p1 p2 p3 p4");
    assert_search(&node, "Patient?_lastUpdated=lt2020", "");
    assert_search(&node, "Patient?_lastUpdated=gt2020&gender=male", "p2 p3");
}

static void numbers(void **state)
{
    (void)state;
    assert_search(&node, "RiskAssessment?probability=0.8", "k1");
    assert_search(&node, "RiskAssessment?probability=gt0.8", "k2");
    assert_search(&node, "RiskAssessment?probability=ge0.8", "k1 k2");
    assert_search(&node, "RiskAssessment?probability=lt0.8", "");
    assert_search(&node, "RiskAssessment?probability=ne0.8", "k2");
    assert_search(&node, "RiskAssessment?probability=100", "k2");
    assert_search(&node, "RiskAssessment?probability=99.6", "");
    assert_search(&node, "RiskAssessment?probability=ap0.85", "k1");
    assert_search(&node, "Observation?value-quantity=120", "b1");
    assert_search(&node, "Observation?value-quantity=120.0", "b1");
    assert_search(&node, "Observation?value-quantity=119.7", "");
    assert_search(&node, "Observation?value-quantity=140", "");
    assert_search(&node, "Observation?value-quantity=141", "b2");
    assert_search(&node, "Observation?value-quantity=gt100", "b1 b2");
    assert_search(&node, "Observation?value-quantity=le70", "b3");
    assert_search(&node, "Observation?value-quantity=sa70", "b1 b2");
    assert_search(&node, "Observation?value-quantity=eb120", "b3");
    assert_search(&node, "Observation?value-quantity=ap125", "b1");
    assert_search(
        &node, "Observation?value-quantity=gt1|http://unitsofmeasure.org|mm[Hg]", "b1");
    assert_search(&node, "Observation?value-quantity=gt1||mm[Hg]", "b1 b2");
    assert_search(&node, "Observation?value-quantity=gt1||millimetre", "b1");
    assert_search(
        &node, "Observation?value-quantity=ne70|http://unitsofmeasure.org|kg", "");
    assert_search(&node, "Observation?combo-value-quantity=lt115", "b3 b4");
}

static void references(void **state)
{
    (void)state;
    assert_search(&node, "Observation?subject=Patient/p1", "b1 b3 b4");
    assert_search(&node, "Observation?subject=p1", "b1 b3 b4");
    assert_search(&node, "Observation?subject:Patient=p1,p2", "b1 b2 b3 b4");
    assert_search(&node, "Observation?patient=p1", "b1 b3 b4");
    assert_search(
        &node, "Observation?subject=http://here.example/fhir/Patient/p1", "b1 b3 b4");
    assert_search(&node, "Observation?subject=Group/p1", "");
    assert_search(
        &node, "Observation?derived-from=http://else.example/fhir/Observation/9", "b5");
    assert_search(&node, "Observation?subject:identifier=urn:mrn|Z9", "b5");
    assert_search(&node, "Observation?subject:identifier=Z9", "b5");
    assert_search(&node, "Observation?subject:identifier=urn:mrn|", "b5");
    assert_search(&node, "Observation?subject:missing=false", "b1 b2 b3 b4 b5");
    assert_search(&node, "Observation?performer:missing=true", "b1 b2 b4 b5");
    assert_search(
        &node, "QuestionnaireResponse?questionnaire=http://a.example/q", "r1");
    assert_search(
        &node, "QuestionnaireResponse?questionnaire=http://a.example/q|2.1", "r1");
    assert_search(
        &node, "QuestionnaireResponse?questionnaire=http://a.example/q|2", "");
    assert_search(
        &node, "QuestionnaireResponse?questionnaire:below=http://a.example/q|2", "r1");
    assert_search(&node,
        "QuestionnaireResponse?questionnaire:above=http://a.example/q|2.1.3", "r1");
}

static void uris(void **state)
{
    (void)state;
    assert_search(&node, "ValueSet?url=http://a.example/fhir/ValueSet/one", "v1");
    assert_search(&node, "ValueSet?url=http://a.example/fhir", "");
    assert_search(&node, "ValueSet?url:below=http://a.example/fhir", "v1 v2");
    assert_search(&node, "ValueSet?url:below=http://a.example/fhir/", "v1 v2");
    assert_search(&node, "ValueSet?url:below=http://a.example/fhir/ValueSet/one", "v1");
    assert_search(&node,
        "ValueSet?url:above=http://a.example/fhir/ValueSet/one/_history/5", "v1");
    assert_search(&node, "Patient?_profile=http://a.example/p", "p4");
    assert_search(&node, "Patient?_source=urn:src", "p4");
    assert_search(
        &node, "?_profile:below=http://a.example&_type=Patient,Group", "Patient/p4");
}

static void composites(void **state)
{
    (void)state;
    assert_search(&node,
        "Observation?code-value-quantity=http://loinc.org|8480-6$gt100", "b1 b2");
    assert_search(
        &node, "Observation?code-value-quantity=8480-6$gt130,29463-7$70", "b2 b3");
    assert_search(&node, "Observation?component-code-value-quantity=8480-6$lt80", "");
    assert_search(&node, "Observation?component-code-value-quantity=8462-4$lt80", "b4");
    assert_search(
        &node, "Observation?combo-code-value-quantity=8480-6$gt105", "b1 b2 b4");
    assert_search(&node, "Observation?code-value-concept=8480-6$urn:v|yes", "");
}

static void places(void **state)
{
    (void)state;
    assert_search(&node, "Location?near=29.65|91.14", "l1");
    assert_search(&node, "Location?near=29.65|91.14|300|km", "l1 l2");
    assert_search(&node, "Location?near=29.65|91.14|100000|m", "l1");
    assert_search(&node, "Location?near=-17.7|-179.9|30|km", "l3");
    assert_search(&node, "Location?near=90|0|21000|km", "l1 l2 l3");
    assert_search(&node, "Location?near=0|0|1|km", "");
}

static void chains(void **state)
{
    (void)state;
    assert_search(&node, "Observation?subject:Patient.name=mull", "b1 b2 b3 b4");
    assert_search(&node, "Observation?subject.name=hans", "b2");
    assert_search(&node, "Observation?patient.gender=female", "b1 b3 b4");
    assert_search(&node, "Observation?patient.gender:not=female", "b2");
    assert_search(&node, "Observation?patient.organization.name=lhasa", "b1 b3 b4");
    assert_search(&node, "Observation?patient.organization.partof.name=lhasa", "b2");
    assert_search(&node, "Observation?patient._id=p2", "b2");
    assert_search(&node, "Patient?_has:Observation:patient:code=8480-6", "p1 p2");
    assert_search(&node, "Patient?_has:Observation:patient:code=29463-7", "p1");
    assert_search(&node, "Patient?_has:Observation:patient:value-quantity=gt130", "p2");
    assert_search(&node,
        "Organization?_has:Patient:organization:_has:Observation:patient:code=29463-7",
        "o1");
    assert_search(&node,
        "Practitioner?_has:Patient:general-practitioner:organization.name=lhasa", "d1");
    assert_search(&node, "QuestionnaireResponse?questionnaire.title=pain", "r1");
    assert_search(&node,
        "Observation?subject:Patient._has:RiskAssessment:patient:probability=0.8",
        "b1 b3 b4");
    assert_search(&node, "Patient?link.name=anne", "p3");
}

static void compartments(void **state)
{
    (void)state;
    assert_string_equal(
        node_pages(&node, "Patient/p1/Observation", 2, false), "b1 b3 b4");
    assert_string_equal(
        node_pages(&node, "Patient/p1/Observation?code=29463-7", 2, false), "b3");
    assert_string_equal(node_pages(&node, "Patient/p1/Patient", 1, false), "p1 p3");
    assert_string_equal(node_pages(&node, "Patient/nobody/Observation", 1, false), "");
}

static void includes(void **state)
{
    (void)state;
    assert_search(
        &node, "Observation?_id=b3&_include=Observation:subject", "b3 + Patient/p1");
    assert_search(&node, "Observation?_id=b3&_include=Observation:*",
        "b3 + Practitioner/d1 Patient/p1");
    assert_search(
        &node, "Observation?_id=b3&_include=*", "b3 + Practitioner/d1 Patient/p1");
    assert_search(&node, "Observation?_id=b3&_include=Observation:subject:Group", "b3");
    assert_search(&node,
        "Observation?_id=b2&_include=Observation:subject&_include:iterate="
        "Patient:organization&_include:iterate=Organization:partof",
        "b2 + Patient/p2 Organization/o2 Organization/o1");
    assert_search(
        &node, "Patient?_id=p2&_revinclude=Observation:subject", "p2 + Observation/b2");
    assert_search(&node,
        "Organization?_id=o2&_revinclude=Patient:organization&"
        "_revinclude:iterate=Observation:patient",
        "o2 + Patient/p2 Observation/b2");
    assert_search(&node,
        "QuestionnaireResponse?_include=QuestionnaireResponse:questionnaire",
        "r1 + Questionnaire/q1");
    assert_search(&node,
        "Questionnaire?_revinclude=QuestionnaireResponse:questionnaire",
        "q1 + QuestionnaireResponse/r1");
}

static void sorting(void **state)
{
    (void)state;
    assert_search(&node, "Patient?_sort=_id", "p1 p2 p3 p4");
    assert_search(&node, "Patient?_sort=-_id", "p4 p3 p2 p1");
    assert_search(&node, "Patient?_sort=birthdate", "p2 p3 p1 p4");
    assert_search(&node, "Patient?_sort=-birthdate", "p1 p3 p2 p4");
    assert_search(&node, "Patient?_sort=gender,-birthdate", "p1 p3 p2 p4");
    assert_search(&node, "Patient?_sort=family", "p3 p1 p2 p4");
    assert_search(&node, "Patient?_sort=-family", "p1 p2 p3 p4");
    assert_search(&node, "Observation?_sort=value-quantity", "b3 b1 b2 b4 b5");
    assert_search(
        &node, "Observation?_sort=-value-quantity&status=final", "b2 b1 b4 b5");
    assert_search(&node, "Observation?_sort=-subject,date", "b2 b4 b1 b3 b5");
    assert_search(&node, "Patient?_sort=_lastUpdated", "p1 p2 p3 p4");
    assert_search(&node, "?_type=Patient,Organization&_sort=-_lastUpdated",
        "Patient/p4 Patient/p3 Patient/p2 Patient/p1 Organization/o2 Organization/o1");
    assert_search(&node, "ValueSet?_sort=-url", "v2 v1");
}

static void whole_system(void **state)
{
    (void)state;
    assert_search(&node, "?_id=p1,o1,b1", "Observation/b1 Organization/o1 Patient/p1");
    assert_search(&node, "?_type=Patient,Organization&name=lhasa", "Organization/o1");
    assert_search(&node, "?_tag=x", "Patient/p4");
}

static void totals(void **state)
{
    struct search_page page;

    (void)state;
    arena_reset(node.arena);
    node_page(&node, "Observation?status=final&_count=2&_total=accurate",
        (struct str){NULL, 0}, &page);
    assert_int_equal(page.matches, 2);
    assert_int_equal(page.total, 4);
    node_page(&node, "Observation?status=final&_count=2", (struct str){NULL, 0}, &page);
    assert_int_equal(page.total, -1);
    node_page(&node, "Observation?status=final", (struct str){NULL, 0}, &page);
    assert_int_equal(page.total, 4);
    node_page(&node, "Observation?_count=2", (struct str){NULL, 0}, &page);
    assert_int_equal(page.total, 5);
    node_page(&node, "Observation?_count=2&_total=none", (struct str){NULL, 0}, &page);
    assert_int_equal(page.total, -1);
    node_page(
        &node, "Observation?status=final&_summary=count", (struct str){NULL, 0}, &page);
    assert_int_equal(page.total, 4);
    assert_int_equal(page.count, 0);
    node_page(&node, "Observation?status=final&_count=0", (struct str){NULL, 0}, &page);
    assert_int_equal(page.total, 4);
}

static void explaining(void **state)
{
    struct search_page page;
    const struct json *json;

    (void)state;
    arena_reset(node.arena);
    node_page(&node,
        "Observation?status=final&patient.name=mull&date=ge2020&_explain=true",
        (struct str){NULL, 0}, &page);
    assert_int_equal(json_read(node.arena, page.explain, 100000, &json, NULL), 0);
    assert_int_equal(
        json_count(json_get(json_at(json_get(json, "types"), 0), "parameters")), 3);
}

static void everything(void **state)
{
    struct search_everything_request rq = {
        .type = fhir_resource_named(STR("Patient"))->number,
        .id = STR("p1"),
        .from = UTC_MS_MIN,
        .until = UTC_MS_MAX};
    struct search_members members;
    struct err err = {0};

    (void)state;
    arena_reset(node.arena);
    assert_int_equal(
        search_everything(node_reader(&node), node.arena, &rq, &members, &err), 0);
    /* b1 b3 b4 k1 p1 p3 and, from outside, o1 and d1 */
    assert_int_equal(members.count, 8);
    rq.id = STR("none");
    assert_int_equal(
        search_everything(node_reader(&node), node.arena, &rq, &members, &err),
        E_NOT_FOUND);
}

static void few(void **state)
{
    struct search_query *q;
    struct err err = {0};
    store_rid rids[2];
    size_t count;

    (void)state;
    arena_reset(node.arena);
    assert_int_equal(node_parse(&node, "Patient?identifier=A1", (struct str){NULL, 0},
                         NULL, &q, &err),
        0);
    assert_int_equal(
        search_match_few(node_reader(&node), node.arena, q, rids, &count, &err), 0);
    assert_int_equal(count, 2);
    assert_int_equal(node_parse(&node, "Patient?identifier=urn:mrn|A1",
                         (struct str){NULL, 0}, NULL, &q, &err),
        0);
    assert_int_equal(
        search_match_few(node_reader(&node), node.arena, q, rids, &count, &err), 0);
    assert_int_equal(count, 1);
}

/* More references than fit where few are kept. */
static void many_references(void **state)
{
    struct buf b;
    int i;

    (void)state;
    buf_init(&b, 1u << 20);
    buf_adds(&b, "{'resourceType':'Group','id':'g1','type':'person','actual':true,"
                 "'member':[");
    for (i = 0; i < 300; i++)
        buf_addf(&b, "{'entity':{'reference':'Patient/x%d'}},", i);
    buf_adds(&b, "{'entity':{'reference':'Patient/p3'}}]}");
    node_put(&node, buf_cstr(&b));
    buf_done(&b);
    assert_search(&node, "Group?member=Patient/p3", "g1");
    assert_search(&node, "Group?member=x299", "g1");
    assert_search(&node, "Group?member:Patient.family=ivanov", "g1");
    assert_search(&node, "Patient?_has:Group:member:type=person", "p3");
    assert_search(&node, "Group?_include=Group:member", "g1 + Patient/p3");
    node_delete(&node, "Group", "g1");
}

/* Changes move records between pages, but none is skipped or given twice. */
static void changes(void **state)
{
    (void)state;
    node_put(&node, "{'resourceType':'Patient','id':'p9','gender':'other',"
                    "'birthDate':'1990-01-01','name':[{'family':'Changing'}]}");
    assert_search(&node, "Patient?family=changing", "p9");
    node_put(&node, "{'resourceType':'Patient','id':'p9','gender':'male',"
                    "'birthDate':'1991-01-01'}");
    assert_search(&node, "Patient?family=changing", "");
    assert_search(&node, "Patient?gender=male", "p2 p3 p9");
    assert_search(&node, "Patient?birthdate=1990", "");
    assert_search(&node, "Patient?birthdate=1991", "p9");
    node_delete(&node, "Patient", "p9");
    assert_search(&node, "Patient?gender=male", "p2 p3");
    assert_search(&node, "Patient?gender:not=male", "p1 p4");
    assert_search(&node, "Patient?_id=p9", "");
    assert_search(&node, "Patient?_sort=-_lastUpdated", "p4 p3 p2 p1");
}

int main(void)
{
#define CASES                                                                          \
    cmocka_unit_test(tokens), cmocka_unit_test(strings), cmocka_unit_test(dates),      \
        cmocka_unit_test(numbers), cmocka_unit_test(references),                       \
        cmocka_unit_test(uris), cmocka_unit_test(composites),                          \
        cmocka_unit_test(places), cmocka_unit_test(chains),                            \
        cmocka_unit_test(compartments), cmocka_unit_test(includes),                    \
        cmocka_unit_test(sorting), cmocka_unit_test(whole_system),                     \
        cmocka_unit_test(totals), cmocka_unit_test(explaining),                        \
        cmocka_unit_test(everything), cmocka_unit_test(few),                           \
        cmocka_unit_test(many_references), cmocka_unit_test(changes)
    const struct CMUnitTest in_memory[] = {CASES};
    const struct CMUnitTest on_disk[] = {CASES};
    int failed = cmocka_run_group_tests_name(
        "search in memory", in_memory, open_memory, close_node);

    return failed + cmocka_run_group_tests_name(
                        "search on disk", on_disk, open_sqlite, close_node);
}

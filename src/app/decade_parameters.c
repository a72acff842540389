/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The decade's numbers. "Published" is a figure of docs/DEMONSTRATION.md, whose table names it
 * and says what is computed; "chosen" is plausible and nobody's figure.
 */
#include "app/decade_internal.h"

/*
 * Hospitals that send, by province. Published: 203 of 17 provinces and municipalities since
 * 2015; until 2020 seven provinces for eight hospitals. The split among provinces is chosen:
 * more where more people live and where the programme began. From the seventh batch on ten more
 * provinces come, when the counties do (published: counties since August 2021).
 */
const struct decade_province decade_provinces[DECADE_PROVINCES] = {
    {"beijing", "Beijing", 24, 1, "lhasa"},
    {"shanghai", "Shanghai", 17, 1, "xigaze"},
    {"hefei", "Anhui", 14, 1, "shannan"},
    {"guangzhou", "Guangdong", 20, 1, "nyingchi"},
    {"chongqing", "Chongqing", 15, 1, "qamdo"},
    {"dalian", "Liaoning", 14, 1, "nagqu"},
    {"xian", "Shaanxi", 13, 1, "ngari"},
    {"tianjin", "Tianjin", 9, 7, "qamdo"},
    {"shijiazhuang", "Hebei", 9, 7, "ngari"},
    {"changchun", "Jilin", 7, 7, "xigaze"},
    {"harbin", "Heilongjiang", 7, 7, "xigaze"},
    {"nanjing", "Jiangsu", 10, 7, "lhasa"},
    {"hangzhou", "Zhejiang", 10, 7, "nagqu"},
    {"quanzhou", "Fujian", 9, 7, "nyingchi"},
    {"jinan", "Shandong", 10, 7, "xigaze"},
    {"wuhan", "Hubei", 8, 7, "shannan"},
    {"changsha", "Hunan", 7, 7, "shannan"},
};

/*
 * The eight assisted hospitals; two stand in Lhasa. Published: eight hospitals of the region
 * and its prefectures. Shares of posts and of staff are chosen by the size of the town.
 */
const struct decade_host decade_hosts[DECADE_HOSTS] = {
    {"lhasa", "Lhasa Regional Hospital", 24, 930},
    {"lhasa", "Lhasa People's Hospital", 22, 630},
    {"xigaze", "Xigaze People's Hospital", 26, 720},
    {"shannan", "Shannan People's Hospital", 20, 540},
    {"nyingchi", "Nyingchi People's Hospital", 20, 480},
    {"qamdo", "Qamdo People's Hospital", 20, 570},
    {"nagqu", "Nagqu People's Hospital", 20, 450},
    {"ngari", "Ngari People's Hospital", 18, 330},
};

/*
 * Batches, one each August. Published: 841 persons by 2020 (five batches), over 1,300 in seven
 * batches (2022), over 2,000 (August 2025). The posts of a batch are chosen so that, with those
 * who stay a second year and those who come in another's place, that many persons come.
 */
const struct decade_batch decade_batches[DECADE_BATCHES] = {
    {2015, 146, 0},
    {2016, 158, 0},
    {2017, 168, 0},
    {2018, 181, 0},
    {2019, 189, 0},
    {2020, 206, 0},
    {2021, 214, 65},
    {2022, 200, 65},
    {2023, 196, 65},
    {2024, 192, 65},
    {2025, 190, 65},
};

/*
 * Specialties: posts of experts, the year from which an assisted and a county hospital have the
 * department (0: never), and the share of staff. Published for one hospital: orthopaedics,
 * neurology, respiratory medicine, neurosurgery and general surgery are among those assisted.
 * All else is chosen.
 */
const struct decade_specialty decade_specialties[DECADE_SPECIALTIES] = {
    {"Emergency", "Emergency physician", 60, 15, 15, 70},
    {"Internal medicine", "Physician", 20, 0, 15, 0},
    {"Cardiology", "Cardiologist", 70, 15, 0, 60},
    {"Respiratory medicine", "Chest physician", 60, 15, 0, 60},
    {"Gastroenterology", "Gastroenterologist", 50, 15, 0, 50},
    {"Neurology", "Neurologist", 55, 15, 0, 45},
    {"Nephrology", "Nephrologist", 30, 17, 0, 30},
    {"Endocrinology", "Endocrinologist", 25, 18, 0, 25},
    {"Infectious diseases", "Infectious disease physician", 30, 15, 0, 45},
    {"Critical care", "Critical care physician", 50, 16, 0, 45},
    {"Paediatrics", "Paediatrician", 60, 15, 15, 60},
    {"Obstetrics and gynaecology", "Obstetrician", 70, 15, 15, 80},
    {"General surgery", "General surgeon", 80, 15, 15, 75},
    {"Orthopaedics", "Orthopaedic surgeon", 70, 15, 21, 60},
    {"Neurosurgery", "Neurosurgeon", 40, 16, 0, 30},
    {"Thoracic surgery", "Thoracic surgeon", 25, 18, 0, 20},
    {"Urology", "Urologist", 40, 16, 0, 35},
    {"Paediatric surgery", "Paediatric surgeon", 20, 19, 0, 15},
    {"Ophthalmology", "Eye surgeon", 25, 15, 0, 25},
    {"Ear, nose and throat", "Ear, nose and throat surgeon", 25, 16, 0, 25},
    {"Anaesthesiology", "Anaesthetist", 50, 15, 15, 55},
    {"Radiology", "Radiologist", 50, 15, 15, 50},
    {"Laboratory medicine", "Laboratory physician", 35, 15, 15, 40},
    {"Rehabilitation", "Rehabilitation physician", 20, 17, 21, 20},
};

const struct decade_place *decade_place_named(const char *id)
{
    for (size_t i = 0; i < decade_place_count; i++) {
        if (strcmp(decade_places[i].id, id) == 0)
            return &decade_places[i];
    }
    return NULL;
}

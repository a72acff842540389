/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Invented cases of the kind that county hospitals at altitude ask about. They show how
 * the program works; they are no advice on any patient.
 */
#include "app/demo_internal.h"

#define HOUR 60
#define DAY (24 * HOUR)

const struct demo_case demo_cases[] = {
    {
        .id = "stone",
        .name = "Tashi Gyaltsen",
        .gender = "male",
        .birth_date = "1979-05-14",
        .place = "tingri",
        .asker = "tenzin",
        .urgency = "stat",
        .state = "waiting",
        .age = 9,
        .question = "Stone in the ureter with fever: drain here or send him down?",
        .story =
            "Pain in the left flank since yesterday, vomiting, shivering since noon. "
            "Ultrasound: left kidney dilated, stone of about 9 mm at the upper ureter. "
            "Ceftriaxone and fluids are running. The road to Xigaze takes five hours.",
        .vitals = {"24", "86", "2", "98", "56", "118", "39.2", "alert"},
    },
    {
        .id = "eclampsia",
        .name = "Yangzom",
        .gender = "female",
        .birth_date = "1996-11-02",
        .place = "gyantse",
        .asker = "karma",
        .expert = "jing",
        .urgency = "stat",
        .state = "taken",
        .age = 34,
        .question = "Thirty-four weeks pregnant, high blood pressure and headache",
        .story =
            "First pregnancy. Blood pressure 168/112 twice, protein in the urine, "
            "headache since this morning, no seizure. The fetal heart is 140 a minute. "
            "Magnesium sulphate is at hand, we have given it twice before.",
        .vitals = {"20", "88", "0", "168", "112", "96", "36.8", "alert"},
    },
    {
        .id = "lung-oedema",
        .name = "Liu Hao",
        .gender = "male",
        .birth_date = "1991-03-30",
        .place = "amdo",
        .asker = "dawa",
        .expert = "fang",
        .urgency = "urgent",
        .state = "question-back",
        .age = 3 * HOUR,
        .question = "Arrived from the plain three days ago, now breathless at rest",
        .story =
            "Road engineer, healthy before. Cough with pink foam during the night, "
            "crackles on both sides. Oxygen brings the saturation from 61 to 80 %.",
        .vitals = {"34", "80", "8", "124", "78", "122", "37.6", "alert"},
        .messages =
            {{"question", "fang", 25,
                 "Is there a pressure bag or a way to bring him lower tonight? And "
                 "was a chest film possible?"},
                {"message", "dawa", 50,
                    "A pressure bag is here. The film shows patches in both lungs, "
                    "more on the "
                    "right."}},
    },
    {
        .id = "elbow",
        .name = "Nyima Choedon",
        .gender = "female",
        .birth_date = "2018-08-19",
        .place = "medog",
        .asker = "pema",
        .expert = "wei",
        .urgency = "urgent",
        .state = "taken",
        .age = 2 * HOUR,
        .question = "Elbow fracture in a child: is this for us or for Nyingchi?",
        .story =
            "Fell from a wall this morning. Fracture above the elbow, the fragment is "
            "turned backwards. Pulse at the wrist is there, fingers warm, she can make "
            "a ring of thumb and index finger. A splint is on.",
        .vitals = {"22", "96", "0", "104", "64", "104", "36.9", "alert"},
    },
    {
        .id = "newborn",
        .name = "Baby of Lhazom",
        .gender = "male",
        .days = 4,
        .place = "tingri",
        .asker = "tenzin",
        .expert = "min",
        .urgency = "urgent",
        .state = "answered",
        .age = 1 * DAY + 2 * HOUR,
        .question = "Newborn, four days old, yellow down to the feet",
        .story = "Born here at term, 2,900 g. Drinks less since yesterday. We have one "
                 "lamp. "
                 "The blood group of the mother is O, the child's is not known.",
        .vitals = {"48", "89", "0", NULL, NULL, "146", "36.7", "alert"},
        .messages = {{"question", "min", 20,
                         "Can you send a bilirubin value and his weight now?"},
            {"message", "tenzin", 65, "Bilirubin 292 µmol/L, weight 2,720 g."},
            {"answer", "min", 80,
                "Light now and without pause, feed every two to three hours, measure "
                "again "
                "in six hours. If it rises, or he becomes drowsy or stiff, he must go "
                "to "
                "Xigaze at once; I have told the ward there. Please find his blood "
                "group."}},
    },
    {
        .id = "hydatid",
        .name = "Dorje Phuntsok",
        .gender = "male",
        .birth_date = "1968",
        .place = "nyima",
        .asker = "dawa",
        .expert = "lei",
        .urgency = "routine",
        .state = "answered",
        .age = 5 * DAY,
        .question =
            "Cyst in the liver, 9 cm, found by chance: operate or treat with tablets?",
        .story =
            "Herder. No pain, no fever, not yellow. Ultrasound: one cyst in the right "
            "lobe with daughter cysts. The test for echinococcus is positive.",
        .vitals = {"18", "87", "0", "132", "84", "76", "36.5", "alert"},
        .messages = {{"answer", "lei", 1 * DAY,
            "Daughter cysts of this size are for an operation or drainage in a centre, "
            "with "
            "albendazole before and after. Do not puncture it there. We have a place "
            "in the "
            "second week of next month; please send the pictures and blood counts."}},
    },
    {
        .id = "heart",
        .name = "Wang Guoqiang",
        .gender = "male",
        .birth_date = "1961-01-23",
        .place = "gyantse",
        .asker = "karma",
        .expert = "fang",
        .urgency = "stat",
        .state = "answered",
        .age = 2 * DAY + 4 * HOUR,
        .question = "Chest pain for ninety minutes, is this an infarction?",
        .story =
            "Pressing pain with sweat, smoker. ST segments raised in II, III and aVF. "
            "Aspirin given. We can give a thrombolytic; the nearest coronary "
            "laboratory is in Lhasa.",
        .vitals = {"20", "85", "3", "108", "66", "58", "36.4", "alert"},
        .messages =
            {{"answer", "fang", 7,
                 "Yes, of the inferior wall. With no contraindication on the list "
                 "give the thrombolytic now, clopidogrel and heparin as in the "
                 "protocol. No nitrate before a right-sided lead is seen. Then to "
                 "Lhasa with a monitor; they expect him."},
                {"message", "karma", 150,
                    "Given at 14:10. The pain is gone, ST segments half as high. On "
                    "the way "
                    "with the nurse."}},
    },
    {
        .id = "gallbladder",
        .name = "Drolma Kyi",
        .gender = "female",
        .birth_date = "1984-09-09",
        .place = "bome",
        .asker = "pema",
        .expert = "lei",
        .urgency = "urgent",
        .state = "answered",
        .age = 3 * DAY,
        .question = "Inflamed gallbladder for two days: can Nyingchi operate on her?",
        .story = "Pain below the right ribs, fever, pain on pressure. Ultrasound: "
                 "thick wall, "
                 "stones, ducts not wide. Not pregnant.",
        .vitals = {"20", "93", "0", "126", "74", "102", "38.4", "alert"},
        .messages = {{"answer", "lei", 55,
            "Within three days the operation is usually still simple. The team in "
            "Nyingchi "
            "has done it alone; antibiotics until then, nothing by mouth. I will be on "
            "the video link when they begin."}},
    },
    {
        .id = "hip",
        .name = "Tsering Dekyi",
        .gender = "female",
        .birth_date = "2023-12-05",
        .place = "damxung",
        .asker = "sonam",
        .expert = "wei",
        .urgency = "routine",
        .state = "question-back",
        .age = 2 * DAY,
        .question = "Limps since she walks; one leg is shorter",
        .story =
            "Second child, born feet first. The left hip does not open as far as the "
            "right. There is an older sister with the same gait.",
        .vitals = {"26", "90", "0", NULL, NULL, "112", "36.8", "alert"},
        .messages = {{"question", "wei", 8 * HOUR,
            "Please take one film of the pelvis from the front, legs straight and "
            "turned "
            "in a little. Does she walk on tiptoe on the left?"}},
    },
    {
        .id = "foot",
        .name = "Phurbu Tsamcho",
        .gender = "female",
        .birth_date = "1957",
        .place = "lhorong",
        .asker = "pema",
        .urgency = "routine",
        .state = "waiting",
        .age = 20 * HOUR,
        .question = "Diabetes, wound under the foot that does not close in six weeks",
        .story = "Glucose in the morning 11 to 14 mmol/L on metformin. The wound is 2 "
                 "cm, not "
                 "deep to the bone, no fever. The pulses of the foot can be felt.",
        .vitals = {"18", "88", "0", "148", "88", "82", "36.6", "alert"},
    },
    {
        .id = "spine",
        .name = "Kelsang Norbu",
        .gender = "male",
        .birth_date = "1989-04",
        .place = "tingri",
        .asker = "tenzin",
        .urgency = "urgent",
        .state = "waiting",
        .age = 95,
        .question = "Back pain for months, now weak legs: tuberculosis of the spine?",
        .story =
            "Lost 8 kg, sweats at night. A hump at the ninth thoracic vertebra. Since "
            "two days he cannot climb stairs; bladder normal. Sputum is being looked "
            "at.",
        .vitals = {"20", "87", "0", "116", "70", "90", "37.7", "alert"},
    },
    {
        .id = "thyroid",
        .name = "Gulnora Rashidova",
        .gender = "female",
        .birth_date = "1974-06-21",
        .place = "khorugh",
        .asker = "rustam",
        .urgency = "routine",
        .state = "waiting",
        .age = 3 * DAY + 6 * HOUR,
        .question = "Nodule of the thyroid, 3 cm, grows; no cytology here",
        .story =
            "Voice normal, swallows well. TSH normal. Ultrasound: solid, margin not "
            "sharp, small bright points. She could travel next month.",
        .vitals = {"16", "95", "0", "128", "80", "74", "36.6", "alert"},
    },
};
const size_t demo_case_count = sizeof(demo_cases) / sizeof(demo_cases[0]);

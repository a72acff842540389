/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Invented names, put together from what is usual where somebody lives. Two people may have the
 * same, as people do.
 */
#include <stdio.h>

#include "app/decade_internal.h"

struct part {
    const char *latin;
    const char *own;
};

static const struct part family_cn[] = {{"Zhao", "赵"}, {"Qian", "钱"}, {"Sun", "孙"},
    {"Zhou", "周"}, {"Wu", "吴"}, {"Zheng", "郑"}, {"Feng", "冯"}, {"Jiang", "蒋"},
    {"Shen", "沈"}, {"Han", "韩"}, {"Zhu", "朱"}, {"Qin", "秦"}, {"Xu", "许"},
    {"He", "何"}, {"Shi", "施"}, {"Kong", "孔"}, {"Cao", "曹"}, {"Yan", "严"},
    {"Tao", "陶"}, {"Qi", "戚"}, {"Xie", "谢"}, {"Zou", "邹"}, {"Bai", "柏"},
    {"Dou", "窦"}, {"Pan", "潘"}, {"Ge", "葛"}, {"Fan", "范"}, {"Peng", "彭"},
    {"Lu", "鲁"}, {"Wei", "韦"}, {"Ma", "马"}, {"Fang", "方"}};
static const struct part first_cn[] = {{"Jian", "建"}, {"Zhi", "志"}, {"Wen", "文"},
    {"Yong", "永"}, {"Ming", "明"}, {"Shao", "少"}, {"Cheng", "成"}, {"Qing", "庆"},
    {"Guo", "国"}, {"Yi", "亦"}, {"Zhen", "振"}, {"Hao", "浩"}, {"Jing", "静"},
    {"Hui", "慧"}, {"Xue", "雪"}, {"Li", "丽"}, {"Shu", "淑"}, {"Wan", "晚"},
    {"Ya", "雅"}, {"Ruo", "若"}};
static const struct part second_cn[2][12] = {
    {{"ping", "平"}, {"yuan", "远"}, {"bo", "博"}, {"sheng", "胜"}, {"zhe", "哲"},
        {"feng", "峰"}, {"wu", "武"}, {"dong", "栋"}, {"chen", "辰"}, {"hua", "华"},
        {"ran", "然"}, {"lin", "林"}},
    {{"ying", "英"}, {"lan", "兰"}, {"yi", "怡"}, {"min", "敏"}, {"mei", "梅"},
        {"hua", "华"}, {"zhen", "珍"}, {"qing", "晴"}, {"qin", "琴"}, {"yun", "云"},
        {"shan", "珊"}, {"yao", "瑶"}}};
static const struct part first_bo[] = {{"Tenzin", "བསྟན་འཛིན"}, {"Tsering", "ཚེ་རིང"},
    {"Sonam", "བསོད་ནམས"}, {"Pema", "པདྨ"}, {"Karma", "ཀརྨ"}, {"Tashi", "བཀྲ་ཤིས"},
    {"Nyima", "ཉི་མ"}, {"Dawa", "ཟླ་བ"}, {"Pasang", "པ་སངས"}, {"Phurbu", "ཕུར་བུ"},
    {"Lhakpa", "ལྷག་པ"}, {"Migmar", "མིག་དམར"}, {"Kelsang", "སྐལ་བཟང"},
    {"Lobsang", "བློ་བཟང"}, {"Ngawang", "ངག་དབང"}, {"Yeshe", "ཡེ་ཤེས"},
    {"Tsewang", "ཚེ་དབང"}, {"Palden", "དཔལ་ལྡན"}, {"Kunga", "ཀུན་དགའ"},
    {"Rigzin", "རིག་འཛིན"}};
static const struct part second_bo[2][10] = {
    {{"Dorje", "རྡོ་རྗེ"}, {"Norbu", "ནོར་བུ"}, {"Wangdu", "དབང་འདུས"}, {"Phuntsok", "ཕུན་ཚོགས"},
        {"Dhondup", "དོན་གྲུབ"}, {"Rabten", "རབ་བརྟན"}, {"Choephel", "ཆོས་འཕེལ"},
        {"Gyaltsen", "རྒྱལ་མཚན"}, {"Samdup", "བསམ་གྲུབ"}, {"Lhundup", "ལྷུན་གྲུབ"}},
    {{"Drolma", "སྒྲོལ་མ"}, {"Lhamo", "ལྷ་མོ"}, {"Choden", "ཆོས་སྒྲོན"}, {"Yangzom", "གཡང་འཛོམས"},
        {"Wangmo", "དབང་མོ"}, {"Dekyi", "བདེ་སྐྱིད"}, {"Tsomo", "མཚོ་མོ"},
        {"Drolkar", "སྒྲོལ་དཀར"}, {"Yudron", "གཡུ་སྒྲོན"}, {"Metok", "མེ་ཏོག"}}};
static const char *const west[][2][6] = {
    {{"Firuz", "Jamshed", "Rustam", "Shahrom", "Daler", "Parviz"},
        {"Zarina", "Nigina", "Gulnora", "Parvina", "Shahlo", "Mehrona"}},
    {{"Aidar", "Nurlan", "Timur", "Arman", "Bolat", "Daniyar"},
        {"Aigerim", "Dina", "Madina", "Saule", "Zhanar", "Asel"}},
};
static const char *const west_family[] = {"Safar", "Hakim", "Yusuf", "Sharif", "Davlat",
    "Qodir", "Karim", "Rahim", "Umar", "Ismail", "Salim", "Nazar"};

#define COUNT(list) ((uint32_t)(sizeof(list) / sizeof((list)[0])))

void decade_name_pick(struct chance *c, uint8_t people, uint16_t ret[3])
{
    uint32_t first = COUNT(west_family);
    uint32_t second = 6;

    if (people == NAMES_CN)
        first = COUNT(family_cn);
    else if (people == NAMES_BO)
        first = COUNT(first_bo);
    if (people == NAMES_CN)
        second = COUNT(first_cn);
    else if (people == NAMES_BO)
        second = COUNT(second_bo[0]);
    ret[0] = (uint16_t)chance_below(c, first);
    ret[1] = (uint16_t)chance_below(c, second);
    ret[2] = (uint16_t)chance_below(c, COUNT(second_cn[0]));
}

void decade_name_write(const struct decade_person *p, char name[DECADE_NAME_MAX],
    char also[DECADE_NAME_MAX])
{
    const struct part *first = NULL;
    const struct part *second = NULL;
    const struct part *third = NULL;

    also[0] = '\0';
    if (p->people == NAMES_CN) {
        first = &family_cn[p->name[0]];
        second = &first_cn[p->name[1]];
        third = &second_cn[p->female][p->name[2]];
        snprintf(name, DECADE_NAME_MAX, "%s %s%s", first->latin, second->latin,
            third->latin);
        snprintf(also, DECADE_NAME_MAX, "%s%s%s", first->own, second->own, third->own);
    } else if (p->people == NAMES_BO) {
        first = &first_bo[p->name[0]];
        second = &second_bo[p->female][p->name[1]];
        snprintf(name, DECADE_NAME_MAX, "%s %s", first->latin, second->latin);
        snprintf(also, DECADE_NAME_MAX, "%s་%s", first->own, second->own);
    } else {
        snprintf(name, DECADE_NAME_MAX, "%s %s%s",
            west[p->people - NAMES_TJ][p->female][p->name[1]], west_family[p->name[0]],
            p->female ? "ova" : "ov");
    }
}

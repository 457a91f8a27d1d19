"""Training, and the revision of the plan."""

from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {
    "help_training_plan": ("培训 安排 9-28 14:00 主题", "training plan 9-28 14:00 topic"),
    "help_training_record": ("培训 登记 @人　谁参加了", "training record @name"),
    "help_trainings": ("培训　安排与记录", "training  planned and held"),
    "example_training_plan": (
        "培训 安排 9-28 14:00 主题：跨部门沟通技巧",
        "training plan 9-28 14:00 topic: talking to other departments",
    ),
    "example_training_record": ("培训 登记 9-28 @张三 @李四", "training record 9-28 @zhang @li"),
    "example_trainings": ("培训", "training"),
    "who_training_plan": (
        "安排培训限执行秘书{secretary}、行政部负责人和绩效专员。",
        "Trainings are planned by the secretary, {secretary}, the head of administration and the performance officers.",
    ),
    "who_training_record": (
        "登记培训限执行秘书{secretary}、行政部负责人和绩效专员。",
        "Trainings are recorded by the secretary, {secretary}, the head of administration and the performance officers.",
    ),
    "training_topic": ("跨部门沟通技能", "cross-department communication"),
    "training_planned": (
        "✅ 已安排培训《{topic}》，{at}；对接人均已通知。",
        "✅ Training “{topic}”, {at}; the liaisons were told.",
    ),
    "training_recorded_said": (
        "✅ 已登记培训《{topic}》（{day}），参加 {count} 人。",
        "✅ Training “{topic}” ({day}) is recorded, {count} attended.",
    ),
    "training_invited": ("【培训】《{topic}》{at}，请安排时间参加。", "Training “{topic}”, {at}: please come."),
    "training_new_liaison": (
        "您已担任对接人，请参加下一次培训《{topic}》，{at}。",
        "You are a liaison now: please come to the next training, “{topic}”, {at}.",
    ),
    "training_new_liaison_later": (
        "您已担任对接人，下一次沟通技能培训安排后会通知您参加。",
        "You are a liaison now; you will be asked to the next training.",
    ),
    "training_line_planned": ("· 待举办《{topic}》，{at}", "· to come: “{topic}”, {at}"),
    "training_line_held": ("· 已举办《{topic}》，{at}，{count} 人", "· held: “{topic}”, {at}, {count} people"),
    "training_none": ("还没有培训记录。", "No training is recorded yet."),
    "training_overdue": (
        "最近 {months} 个月没有培训，请安排（R-110）。",
        "None in {months} months: please plan one (R-110).",
    ),
    "training_never": ("从未举办", "none ever"),
    "training_due": (
        "【培训提醒】跨部门沟通技能培训每 {months} 个月至少一次，上次：{since}。请安排：培训 安排 日期 主题：…",
        "A training is held every {months} months; the last one: {since}. Please plan one: training plan date topic: …",
    ),
    "training_past": (
        "❌ 培训时间已过，请改日期；已举办的用“培训 登记”。",
        "❌ That time is over; use “training record” for what took place.",
    ),
    "training_future": (
        "❌ 还未举办的培训不能登记，请用“培训 安排”。",
        "❌ What has not taken place is planned, not recorded.",
    ),
    "training_recorded": ("❌ 该培训已登记。", "❌ That training is recorded already."),
    "plan_revision_due": (
        (
            "【方案修订提醒】《{title}》{version} 自 {date} 起执行，已满 {months} 个月，请评估是否修订（R-106）。"
            "修订限行政部负责人和执行秘书：改公司档案的 [plan] 后重新导入。"
        ),
        (
            "The plan “{title}” {version} has been in force since {date}; after {months} months it is looked at again (R-106). "
            "Head of administration and secretary change [plan] in the company file and import it."
        ),
    ),
    "plan_superseded": ("此前版本：{version}，至 {until}", "Before: {version}, until {until}"),
}

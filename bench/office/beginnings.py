"""What people begin of their own accord: requests, issues, conflicts, tasks, documents, meetings, leaves, questions in groups."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from bench.office import duties
from bench.office.doing import Doing
from bench.office.scene import Scene
from bot.domain.directory import Role
from bot.domain.item import Item, ItemState
from bot.domain.meeting import MeetingState
from bot.domain.request import Request, RequestState
from bot.domain.sla import ClockState


def request(scene: Scene) -> Doing | None:
    """A new request, filled in whole."""
    lead = scene.one(scene.departments)
    who = scene.pick([p for p in (scene.liaison(lead), scene.head(lead), scene.member(lead)) if p is not None])
    if who is None:
        return None
    kind, secrecy = scene.one(["日常", "日常", "专项"]), scene.one(scene.wording.levels)
    coop = scene.chance.sample([d for d in scene.departments if d != lead], scene.chance.randint(1, 3))
    say, end = scene.wording.say, scene.day(scene.chance.randint(5, 20))
    duty = "；".join(
        f"{scene.full(d)} | {say('本部门配合工作', secrecy)} | {scene.name(scene.member(d))}" for d in (lead, *coop)
    )
    title = scene.wording.title(scene.chance.randrange(96), secrecy)
    return Doing(
        who,
        f"需求 新建 {kind} {title}\n联系电话：8{scene.chance.randint(100, 999)}\n协作目标：{say('按期完成全部准备工作', secrecy)}\n"
        f"协作背景与必要性：{say('需要各部门一起完成准备', secrecy)}\n所需配合部门：{'、'.join(scene.full(d) for d in coop)}\n"
        f"各部门职责分工：{duty}\n所需资源：无\n时间节点：{say('完成', secrecy)} | {end} | 交付\n计划开始日期：{scene.today}\n"
        f"计划完成日期：{end}\n协作场景：跨部门项目\n服务目标：日常工作\n紧急程度：一般\n"
        f"预期成果与验收标准：{say('全部物料与资料按期到位', secrecy)}\n密级：{scene.wording.level(secrecy)}",
    )


def submission(scene: Scene) -> Doing | None:
    """A draft or a request that came back is submitted."""
    states = (RequestState.DRAFT.value, RequestState.RETURNED.value)
    found = scene.pick(scene.uow.requests.find(state=states))
    if found is None:
        return None
    who = scene.one([p for p in (scene.liaison(found.lead), scene.head(found.lead), found.created_by) if p is not None])
    return Doing(who, f"需求 提交 {found.code}")


def issue(scene: Scene) -> Doing | None:
    """Anybody reports that something is wrong."""
    item = scene.pick([i for i in scene.uow.items.find() if not i.is_finished]) if scene.happens(0.6) else None
    near = item.involved if item is not None else scene.departments
    reporter = scene.pick([p for p in scene.people if p.department in near])
    if reporter is None:
        return None
    secrecy = scene.one(scene.wording.levels)
    involved = item.involved if item is not None else tuple(scene.chance.sample(scene.departments, 2))
    at = scene.world.calendars.local(scene.now) - timedelta(minutes=40)
    say = scene.wording.say
    about = f"关联协作事项：{item.code}\n" if item is not None else ""
    return Doing(
        reporter.id,
        f"问题 上报 {scene.wording.title(scene.chance.randrange(96), secrecy)}\n{about}"
        f"问题描述：{say('现场发现问题，影响后续环节的安排', secrecy)}\n发生时间：{at:%Y-%m-%d %H:%M}\n"
        f"涉及部门：{'、'.join(scene.full(d) for d in involved)}\n影响范围：部分环节\n严重程度：中\n问题类型：质量问题\n"
        f"密级：{scene.wording.level(secrecy)}",
    )


def conflict(scene: Scene) -> Doing | None:
    """Two departments do not agree."""
    first, second = scene.chance.sample(scene.departments, 2)
    who = scene.one([scene.head(first), scene.liaison(first)])
    if who is None:
        return None
    secrecy, say = scene.one(scene.wording.levels), scene.wording.say
    kind = scene.one(["职责边界", "资源分配", "沟通信息", "未尽事宜"])
    return Doing(
        who,
        f"冲突 上报 {scene.wording.title(scene.chance.randrange(96), secrecy)}\n冲突类型：{kind}\n"
        f"冲突部门：{scene.full(first)}、{scene.full(second)}\n事实经过：{say('双方对分工意见不一，一直没有结果', secrecy)}\n"
        f"证据：{say('会议记录', secrecy)}\n密级：{scene.wording.level(secrecy)}",
    )


def _running(scene: Scene, *states: ItemState) -> Item | None:
    wanted = tuple(s.value for s in states or (ItemState.IN_PROGRESS,))
    return scene.pick(scene.uow.items.find(state=wanted))


def task(scene: Scene) -> Doing | None:
    """The lead adds a task."""
    item = _running(scene)
    who = scene.liaison(item.lead) if item is not None else None
    if item is None or who is None:
        return None
    owner = scene.name(scene.member(scene.one(item.involved)))
    title = scene.wording.title(scene.chance.randrange(96), item.secrecy)
    return Doing(who, f"任务 新建 {item.code} {title} @{owner} {scene.day(scene.chance.randint(1, 6))}")


def document(scene: Scene) -> Doing | None:
    """A document is registered, often under a wrong name."""
    item = _running(scene, ItemState.IN_PROGRESS, ItemState.PLANNING, ItemState.ACCEPTED)
    who = scene.liaison(item.lead) if item is not None else None
    if item is None or who is None:
        return None
    right = f"{item.short or item.title}_{scene.full(item.lead)}_{scene.today:%Y%m%d}.docx"
    wrong = f"{scene.wording.title(scene.chance.randrange(96), item.secrecy)}.docx"
    return Doing(who, f"文档 登记 {item.code} {right if scene.happens(0.5) else wrong} 类别：方案")


def application(scene: Scene) -> Doing | None:
    """The lead asks for acceptance."""
    item = _running(scene, ItemState.IN_PROGRESS, ItemState.RECTIFYING)
    who = scene.liaison(item.lead) if item is not None else None
    return duties.application(scene, item.code, who) if item is not None and who is not None else None


def item_course(scene: Scene) -> Doing | None:
    """An item is suspended, goes on, ends early."""
    item = _running(scene, ItemState.IN_PROGRESS, ItemState.SUSPENDED)
    who = scene.head(item.lead) if item is not None else None
    if item is None or who is None:
        return None
    why = scene.wording.say("等待客户样品到货", item.secrecy)
    if item.state is ItemState.SUSPENDED:
        return Doing(who, f"恢复 {item.code}")
    if scene.happens(0.7):
        return Doing(who, f"暂停 {item.code} {scene.day(3)} {why}")
    leader = scene.world.posts.leader()
    return Doing(scene.one([p for p in (who, leader) if p is not None]), f"终止 {item.code} {why}")


def milestone(scene: Scene) -> Doing | None:
    """The lead calls a meeting of the project."""
    item = _running(scene)
    who = scene.liaison(item.lead) if item is not None else None
    if item is None or who is None:
        return None
    return Doing(who, f"会议 安排 推进会 {item.code} {scene.soon(2, 14)} 节点:{scene.one(['启动', '中期', '验收前'])}")


def leave(scene: Scene) -> Doing | None:
    """Somebody will be away."""
    person = scene.pick(scene.people)
    if person is None:
        return None
    first, last = scene.day(scene.chance.randint(1, 2)), scene.day(scene.chance.randint(2, 5))
    delegate = scene.member(person.department)
    is_named = delegate is not None and delegate != person.id and scene.happens(0.6)
    named = f" 代理 @{scene.name(delegate)}" if is_named else ""
    return Doing(person.id, f"请假 {first} {max(first, last)}{named}")


def question(scene: Scene) -> Doing | None:
    """Somebody asks somebody of another department in a group."""
    group = scene.pick([g for g in scene.uow.groups.find() if g.chat is not None and len(g.members) > 2])
    if group is None or group.chat is None:
        return None
    inside = [p for account in group.members if (p := scene.world.directory.by_account(account)) is not None]
    able = [p for p in inside if scene.world.posts.is_available(p.id)]
    posts = [p for p in able if p.roles & {Role.LIAISON, Role.BACKUP_LIAISON, Role.HEAD}]
    asked, asker = scene.pick(posts), scene.pick(able)
    if asked is None or asker is None or asked.department == asker.department:
        return None
    return Doing(
        asker.id,
        f"@{asked.name} {scene.wording.title(scene.chance.randrange(96))}什么时候有结果？",
        chat=group.chat.chat,
    )


def reply(scene: Scene) -> Doing | None:
    """Somebody answers a question that waits."""
    waiting = scene.uow.clocks.find(state=(ClockState.RUNNING.value, ClockState.BREACHED.value))
    clock = scene.pick(waiting)
    if clock is None:
        return None
    who = clock.acting
    if who is None:
        return None
    if scene.happens(0.3):
        return Doing(who, f"已收到 {clock.code} 明天上午给出")
    return Doing(who, "明天上午给出", chat=clock.chat.chat, quotes=clock.message.message)


def liaison_change(scene: Scene) -> Doing | None:
    """A head names another liaison."""
    department = scene.one(scene.departments)
    head, old = scene.head(department), next(iter(scene.world.posts.liaisons(department)), None)
    new = scene.member(department)
    if head is None or old is None or new in (None, old, head):
        return None
    day = scene.today + timedelta(days=scene.chance.randint(7, 10))
    return Doing(head, f"对接人 变更 @{scene.name(old)} @{scene.name(new)} {day} 确认：全部 原因：岗位调整")


def praise(scene: Scene) -> Doing | None:
    """Somebody is thanked, or proposed for an award."""
    who, whom = scene.pick(scene.people), scene.pick(scene.people)
    if who is None or whom is None or who.id == whom.id:
        return None
    if scene.happens(0.7):
        return Doing(who.id, f"表扬 @{whom.name} 连夜赶出样件，帮我们稳住客户")
    return Doing(scene.world.posts.secretary() or who.id, f"奖惩 表彰 @{whom.name} 连夜赶出样件稳住客户")


def secrecy(scene: Scene) -> Doing | None:
    """A level is raised or lowered, a reader is added."""
    things: list[Item | Request] = [*scene.uow.items.find(), *scene.uow.requests.find()]
    thing = scene.pick([t for t in things if not getattr(t, "is_finished", False)])
    who = scene.head(thing.lead) if thing is not None else None
    if thing is None or who is None:
        return None
    if thing.secrecy == 2 and scene.happens(0.5):
        other = scene.pick(scene.people)
        return Doing(who, f"知悉范围 {thing.code} @{scene.name(other.id if other is not None else None)}")
    return Doing(who, f"密级 {thing.code} {scene.one(['内部敏感', '涉密', '普通'])}")


def group(scene: Scene) -> Doing | None:
    """The lead wants a group for the item."""
    item = _running(scene, ItemState.IN_PROGRESS, ItemState.PLANNING)
    who = scene.liaison(item.lead) if item is not None else None
    return Doing(who, f"建群 {item.code}") if item is not None and who is not None else None


def weekly_meeting(scene: Scene) -> Doing | None:
    """The secretary moves or calls off what was planned."""
    secretary = scene.world.posts.secretary()
    meeting = scene.pick(scene.uow.meetings.find(state=MeetingState.SCHEDULED.value))
    if secretary is None or meeting is None:
        return None
    if scene.happens(0.7):
        return Doing(secretary, f"会议 改期 {meeting.code} {scene.soon(1, scene.one([10, 11, 14, 15]))}")
    return Doing(secretary, f"会议 取消 {meeting.code} {scene.wording.say('本周全员外出培训', meeting.secrecy)}")


#: what is begun and how often, against each other
BEGINNINGS: tuple[tuple[int, Callable[[Scene], Doing | None]], ...] = (
    (6, request),
    (14, submission),
    (10, issue),
    (3, conflict),
    (6, task),
    (5, document),
    (4, application),
    (2, item_course),
    (3, milestone),
    (2, leave),
    (12, question),
    (12, reply),
    (1, liaison_change),
    (2, praise),
    (2, secrecy),
    (1, group),
    (1, weekly_meeting),
)


def begin(scene: Scene) -> Doing | None:
    """One of them."""
    makers = [maker for _, maker in BEGINNINGS]
    return scene.chance.choices(makers, [weight for weight, _ in BEGINNINGS])[0](scene)

"""The pages about what the assistant says, what wants checking, and what it could not answer."""

from __future__ import annotations

from datetime import date

from bot.referral import is_shown
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.access import Right, needs
from accounts.audit import record
from accounts.wording import counted
from conversations import titles
from conversations.attention import UNSURE_BELOW
from figures import answers, unanswered
from figures.periods import read
from figures.views import csv_file, period_context

PAGE = 20  # groups


@require_safe
@needs(Right.READ)
def answer_list(request: HttpRequest) -> HttpResponse:
    """Show the answers with their figures."""
    today = timezone.localdate()
    period = read(request.GET.dict(), today)
    theme, order = request.GET.get("thema", ""), request.GET.get("volgorde", "")
    theme, order = theme if theme in answers.THEMES else "", order if order in answers.ORDERS else ""
    context = {
        "table": answers.table(period, today, theme, order),
        "due": len(answers.due(today)),
        "themes": answers.THEMES.items(),
        "orders": answers.ORDERS.items(),
        "theme": theme,
        "order": order,
    }
    page = {**period_context(request, period, thema=theme, volgorde=order), **context}
    return render(request, "figures/answers.html", page)


@require_safe
@needs(Right.EXPORT)
def answers_csv(request: HttpRequest) -> HttpResponse:
    """Give the answers with their figures as a file."""
    today = timezone.localdate()
    period = read(request.GET.dict(), today)
    return csv_file(request, answers.table(period, today), period)


@require_safe
@needs(Right.READ)
def answer(request: HttpRequest, name: str) -> HttpResponse:
    """Show one answer: its words, where they come from, how it was received."""
    content = titles.content()
    if name not in content.answers:
        raise Http404
    today = timezone.localdate()
    period = read(request.GET.dict(), today)
    found = next(each for each in answers.all_shown(period, today) if each.answer.id == name)
    known = found.answer
    context = {
        "shown": found,
        "text": content.fill(known.text),
        "simple": content.fill(known.simple),
        "variants": [content.fill(text) for text in known.variants],
        "checked": date.fromisoformat(known.checked),
        "channels": [titles.channel(each) for each in known.channels if is_shown(each, content.channels)],
        "follow_up": [content.answers[each] for each in known.follow_up],
        "queue": answers.queue_link(name),
    }
    return render(request, "figures/answer.html", {**period_context(request, period), **context})


@require_safe
@needs(Right.READ)
def fact_list(request: HttpRequest) -> HttpResponse:
    """Show the facts that want checking."""
    context = {
        "lines": answers.due(timezone.localdate()),
        "may_export": request.user.has_perm(Right.EXPORT.permission),
    }
    return render(request, "figures/facts.html", {**context, "months": answers.MONTHS})


@require_safe
@needs(Right.EXPORT)
def facts_csv(request: HttpRequest) -> HttpResponse:
    """Give the facts that want checking as a file."""
    return csv_file(request, answers.due_table(timezone.localdate()))


@require_safe
@needs(Right.READ)
def unanswered_list(request: HttpRequest) -> HttpResponse:
    """Show what was not understood, in groups."""
    show = request.GET.get("toon", "")
    show = show if show in {"afgehandeld", "los"} else ""
    found = unanswered.listed(handled=show == "afgehandeld", least=1 if show == "los" else 2)
    if show == "los":
        found = [group for group in found if group.size == 1]
    page = Paginator(found, PAGE).get_page(request.GET.get("pagina"))
    record(request.user, "onbeantwoord.gelezen", detail=counted(len(page.object_list), "groep", "groepen"))
    context = {
        "page": page,
        "groups": [
            (group, [(titles.intent(name), share) for name, share in group.nearest])
            for group in unanswered.filled(page.object_list)
        ],
        "show": show,
        "newest": unanswered.NEWEST,
        "unsure": round(100 * UNSURE_BELOW),
        "may_review": request.user.has_perm(Right.REVIEW.permission),
    }
    return render(request, "figures/unanswered.html", context)


@require_POST
@needs(Right.REVIEW)
def handle_group(request: HttpRequest) -> HttpResponse:
    """Put a group away as handled, or back."""
    try:
        number, newest = int(request.POST["groep"]), int(request.POST["nieuwste"])
    except (KeyError, ValueError) as error:
        raise Http404 from error
    back = request.POST.get("terug") == "1"
    count = unanswered.handle(number, newest, not back)
    if count:
        record(
            request.user,
            "onbeantwoord.teruggezet" if back else "onbeantwoord.afgehandeld",
            detail=counted(count, "bericht", "berichten"),
        )
        messages.success(
            request,
            "Teruggezet." if back else "Afgehandeld. Komt dezelfde vraag opnieuw, dan zie je ze hier weer.",
        )
    else:
        messages.error(request, "Deze groep is intussen veranderd. Bekijk ze opnieuw.")
    return redirect("figures:unanswered")
